using System.Globalization;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// A command line of criu as a request to its service (images/rpc.proto of criu), which can do more: it gives back the
/// master of a terminal that is restored, and tells when the namespaces are there.
/// </summary>
internal static class CriuRequest
{
    private const int ImagesField = 1;
    private const int WorkField = 17;
    private const int PageServer = 11;
    private const int ManageCgroups = 24;
    private const int ManageCgroupsMode = 34;
    private const int CgroupRoot = 25;
    private const int InheritedDescriptor = 27;
    private const int EmptyNamespaces = 38;
    private const int NotifyScripts = 12;
    private const int OrphanTerminal = 50;

    private static readonly (string Option, int Field)[] Flags =
    [
        ("--leave-running", 3), ("--ext-unix-sk", 5), ("--tcp-established", 6), ("--shell-job", 7), ("--file-locks", 8),
        ("--track-mem", 15), ("--auto-dedup", 16), ("--link-remap", 18), ("--restore-sibling", 26),
        ("--skip-in-flight", 46), ("--lazy-pages", 48),
    ];

    private static readonly (string Option, int Field)[] Texts =
    [
        ("--log-file", 10), ("--root", 13), ("--prev-images-dir", 14), ("--external", 37), ("--freeze-cgroup", 44),
        ("--lsm-profile", 53), ("--lsm-mount-context", 63),
    ];

    private static readonly (string Option, int Field)[] Numbers = [("--tree", 2), ("--status-fd", 49)];

    /// <summary>The request.</summary>
    /// <param name="verb">The verb of criu.</param>
    /// <param name="arguments">Its options.</param>
    /// <param name="images">The directory of the images, open.</param>
    /// <param name="work">The directory of the log, open.</param>
    public static byte[] Create(string verb, IReadOnlyList<string> arguments, FileDescriptor images, FileDescriptor work)
    {
        ProtobufWriter options = new();
        options.Number(ImagesField, (ulong)images.Number);
        options.Number(WorkField, (ulong)work.Number);
        options.Flag(NotifyScripts);
        options.Flag(OrphanTerminal);
        options.Number(9, 4);
        for (int i = 0; i < arguments.Count; i++) Add(options, arguments, ref i);
        ProtobufWriter request = new();
        request.Number(1, verb switch { "dump" => 1, "restore" => 2, _ => 4 });
        request.Message(2, options);
        return request.ToArray();
    }

    private static void Add(ProtobufWriter options, IReadOnlyList<string> arguments, ref int index)
    {
        string name = arguments[index];
        if (Find(Flags, name) is { } flag)
        {
            options.Flag(flag);
            return;
        }

        const string Cgroups = "--manage-cgroups=";
        if (name.StartsWith(Cgroups, StringComparison.Ordinal))
        {
            options.Flag(ManageCgroups);
            options.Number(ManageCgroupsMode, name[Cgroups.Length..] switch { "soft" => 3, "full" => 4, "strict" => 5, _ => 0 });
            return;
        }

        // What the service does anyway, or is told otherwise: of a page server by its address and its port.
        if (name is "-v4" or "--page-server" or "--restore-detached") return;
        string value = arguments[++index];
        if (name is "--images-dir" or "--work-dir") return;
        if (Find(Texts, name) is { } text) options.Text(text, value);
        else if (Find(Numbers, name) is { } number) options.Number(number, ulong.Parse(value, CultureInfo.InvariantCulture));
        else if (name == "--empty-ns") options.Number(EmptyNamespaces, CloneArguments.CLONE_NEWNET);
        else if (name == "--address") options.Message(PageServer, CreateServer(value, arguments[index += 2]));
        else if (name == "--cgroup-root") options.Message(CgroupRoot, CreateRoot(value));
        else if (name == "--inherit-fd") options.Message(InheritedDescriptor, CreateDescriptor(value));
        else throw new UsageException($"{name[2..]}: not with a container that has a terminal");
    }

    private static int? Find((string Option, int Field)[] known, string name)
    {
        foreach ((string option, int field) in known)
        {
            if (option == name) return field;
        }

        return null;
    }

    // --address ADDRESS --port PORT
    private static ProtobufWriter CreateServer(string address, string port)
    {
        ProtobufWriter message = new();
        message.Text(1, address);
        message.Number(2, ulong.Parse(port, CultureInfo.InvariantCulture));
        return message;
    }

    private static ProtobufWriter CreateRoot(string path)
    {
        ProtobufWriter message = new();
        message.Text(2, path);
        return message;
    }

    // fd[N]:KEY
    private static ProtobufWriter CreateDescriptor(string text)
    {
        int end = text.IndexOf("]:", StringComparison.Ordinal);
        ProtobufWriter message = new();
        message.Text(1, text[(end + 2)..]);
        message.Number(2, ulong.Parse(text.AsSpan(3, end - 3), CultureInfo.InvariantCulture));
        return message;
    }
}
