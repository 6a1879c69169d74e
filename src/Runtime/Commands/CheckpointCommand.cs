using System.Globalization;
using Container.Native.Cgroups;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Runtime.Arguments;
using Container.Runtime.Checkpoint;
using Container.Runtime.Creation;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun checkpoint [options] ID</c></summary>
internal sealed class CheckpointCommand : Command
{
    public override string Name => "checkpoint";

    public override string Summary => "save a running container to files, by criu";

    public override string Operands => "<container-id>";

    public override Option[] Options =>
    [
        .. CriuOptions.Common,
        new("parent-path", "images of an earlier --pre-dump, from --image-path on", Value: "DIR"),
        new("leave-running", "do not end the container"),
        new("tcp-skip-in-flight", "without TCP connections that are not yet open"),
        new("link-remap", "with open files that have been deleted"),
        new("page-server", "send memory to a page server", Value: "ADDRESS:PORT"),
        new("status-fd", "descriptor to which criu writes when --lazy-pages is ready", Value: "N"),
        new("pre-dump", "save memory only, and leave the container running"),
    ];

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using ContainerLock held = directory.Lock(global.Root);
        ContainerStatus status = directory.GetStatus();
        ProcessIdentity? process = directory.State.FindProcess();
        if (process is null || status is not (ContainerStatus.Running or ContainerStatus.Paused))
            throw new RuntimeException($"container '{directory.Id}' is {StatusText.Of(status)}, not running");
        CriuPaths paths = new(arguments);
        OciSpec spec = directory.ReadConfiguration();
        Criu criu = Criu.Find(global);
        paths.Make();

        bool preDump = arguments.Flag("pre-dump");
        CheckpointRecord record = Describe(directory, process.Value.Pid);
        List<string> command = [.. paths.Arguments(preDump ? "pre-dump" : "dump")];
        command.AddRange(["--tree", process.Value.Pid.ToString(CultureInfo.InvariantCulture)]);
        command.AddRange(CriuOptions.Translate(arguments));
        AddTransfer(command, paths, arguments);
        foreach ((string target, _) in record.Mounts) command.AddRange(["--external", $"mnt[{target}]:{target}"]);
        foreach (string stream in record.Streams)
        {
            if (stream.StartsWith("file", StringComparison.Ordinal)) command.AddRange(["--external", stream]);
        }

        if (CriuNetwork.Of(spec) is { } network) command.AddRange(network.Dump(process.Value.Pid));
        if (FindFreezer(directory) is { } freezer) command.AddRange(["--freeze-cgroup", freezer]);
        string verb = preDump ? "pre-dump" : "dump";
        if (spec.Process!.Terminal) criu.Serve(paths, verb, command);
        else criu.Run(paths, verb, command);
        if (preDump) return 0;
        record.Write(paths);
        if (!arguments.Flag("leave-running")) ContainerRemoval.Remove(directory, global.Log);
        return 0;
    }

    private static void AddTransfer(List<string> command, CriuPaths paths, ParsedArguments arguments)
    {
        if (paths.Parent is not null) command.AddRange(["--prev-images-dir", paths.Parent]);
        if (paths.Parent is not null || arguments.Flag("pre-dump")) command.Add("--track-mem");
        if (arguments.Value("status-fd") is { Length: > 0 } status) command.AddRange(["--status-fd", status]);
        if (arguments.Value("page-server") is not { Length: > 0 } server) return;
        int colon = server.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(server.AsSpan(colon + 1), CultureInfo.InvariantCulture, out _))
            throw new UsageException($"--page-server: '{server}' is not ADDRESS:PORT");
        command.AddRange(["--page-server", "--address", server[..colon], "--port", server[(colon + 1)..]]);
    }

    private static CheckpointRecord Describe(ContainerDirectory directory, int pid)
    {
        return new CheckpointRecord
        {
            Streams = directory.State.Streams ?? [],
            Mounts = ForeignMounts.Find(pid),
            Cgroup = directory.State.Cgroup,
        };
    }

    // criu stops the processes by it, also those that pause has stopped already.
    private static string? FindFreezer(ContainerDirectory directory)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is not { Exists: true }) return null;
        return cgroup.Paths.GetValueOrDefault("") ?? cgroup.Paths.GetValueOrDefault("freezer");
    }
}
