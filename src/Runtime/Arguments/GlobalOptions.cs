using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Messages;

namespace Container.Runtime.Arguments;

/// <summary>What stands before the verb.</summary>
internal sealed class GlobalOptions
{
    private readonly ParsedArguments arguments;
    private string? root;

    public GlobalOptions(ParsedArguments arguments)
    {
        this.arguments = arguments;
        string format = arguments.Value("log-format") ?? "text";
        if (format is not ("text" or "json"))
            throw new UsageException($"--log-format: '{format}' is not text or json");
        string? path = arguments.Value("log");
        Log = new Log(string.IsNullOrEmpty(path) ? null : path, format == "json", arguments.Flag("debug"));
        if (CgroupManager is not ("cgroupfs" or "systemd" or "disabled"))
            throw new UsageException($"--cgroup-manager: '{CgroupManager}' is not cgroupfs, systemd or disabled");
    }

    /// <summary>What is known: the options of runc, and --cgroup-manager of crun.</summary>
    public static Option[] Known =>
    [
        new("root", "directory of the containers' state (default: /run/psrun)", Value: "DIR"),
        new("log", "file for messages, beside standard error", Value: "FILE"),
        new("log-format", "format of that file: text or json", Value: "FORMAT"),
        new("debug", "say what is done, in that file or on standard error"),
        new("systemd-cgroup", "the same as --cgroup-manager=systemd"),
        new("cgroup-manager", "cgroupfs, systemd or disabled", Value: "MANAGER"),
        new("criu", "the program that checkpoint and restore use (default: criu)", Value: "PATH"),
        new("rootless", "accepted for compatibility: found out by itself", Value: "BOOL"),
        new("version", "print the version", 'v'),
        new("help", "print this text", 'h'),
    ];

    public Log Log { get; }

    public string CgroupManager => arguments.Flag("systemd-cgroup")
        ? "systemd"
        : arguments.Value("cgroup-manager") ?? "cgroupfs";

    /// <summary>The program criu, where it is not the first in PATH.</summary>
    public string? Criu => arguments.Value("criu");

    /// <summary>Whether --root was given.</summary>
    public bool HasRoot => !string.IsNullOrEmpty(arguments.Value("root"));

    /// <summary>Where the containers' directories are, absolute; for root it must be root's.</summary>
    public string Root => root ??= FindRoot();

    private string FindRoot()
    {
        string found = HasRoot ? HostPath.Absolute(arguments.Value("root")!) : DefaultRoot();
        TrustedPath.Claim(found);
        return found;
    }

    private static string DefaultRoot()
    {
        if (Users.geteuid() == 0) return "/run/psrun";
        string? directory = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(directory)
            ? throw new RuntimeException("XDG_RUNTIME_DIR is not set: give the directory for state with --root")
            : directory.TrimEnd('/') + "/psrun";
    }
}
