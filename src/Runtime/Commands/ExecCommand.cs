using System.Globalization;
using System.Text;
using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Files;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Creation;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun exec [options] ID COMMAND...</c></summary>
internal sealed class ExecCommand : Command
{
    public override string Name => "exec";

    public override string Summary => "run a further process in a container";

    public override string Operands => "<container-id> <command> [arguments]";

    public override Option[] Options =>
    [
        new("console-socket", "unix socket that receives the terminal's master", Value: "PATH"),
        new("pidfd-socket", "unix socket that receives a descriptor of the process", Value: "PATH"),
        new("cwd", "working directory in the container", Value: "DIR"),
        new("env", "a further environment variable", 'e', "NAME=VALUE", Repeats: true),
        new("tty", "give it a terminal", 't'),
        new("user", "ids to run with", 'u', "UID[:GID]"),
        new("additional-gids", "a further group", 'g', "GID", Repeats: true),
        new("process", "file with the process in JSON, instead of a command", 'p', "FILE"),
        new("detach", "do not wait for it", 'd'),
        new("pid-file", "file for the process id", Value: "FILE"),
        new("process-label", "SELinux label", Value: "LABEL"),
        new("apparmor", "AppArmor profile", Value: "PROFILE"),
        new("no-new-privs", "set no_new_privs"),
        new("cap", "a further capability", 'c', "CAP_NAME", Repeats: true),
        new("preserve-fds", "number of descriptors from 3 on to pass on", Value: "N"),
        new("cgroup", "cgroup below the container's, which exists", Value: "[CONTROLLER,…:]PATH", Repeats: true),
        new("ignore-paused", "also in a paused container, where it waits until that is resumed"),
    ];

    public override int MostOperands => int.MaxValue;

    public override int OperandsBeforeEnd => 1;

    public override int FailureCode => 255;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        InheritedDescriptors inherited = InheritedDescriptors.Find(arguments.Number("preserve-fds", 0, 0, 1000));
        using FileDescriptor init = OpenInit(directory, arguments.Flag("ignore-paused"));
        OciSpec spec = directory.ReadConfiguration();
        OciProcess process = ExecProcess.Create(arguments, spec.Process!);
        CheckCapabilities(arguments);
        CheckTerminal(arguments, process);
        bool hideExecutable = SelfExecutable.Protect(spec, process, entersRunning: true);
        using DescriptorReceiver? console = DescriptorReceiver.Connect(arguments.Value("console-socket"));
        using DescriptorReceiver? pidFd = DescriptorReceiver.Connect(arguments.Value("pidfd-socket"));
        using CgroupManager? cgroup = OpenCgroup(directory, arguments.Values("cgroup"));
        LaunchOptions options = new()
        {
            Id = directory.Id,
            Bundle = directory.State.Bundle,
            Cgroup = cgroup,
            PreserveFds = inherited.Count,
            KeepGroups = CrunAnnotations.KeepsGroups(spec),
            SeccompCache = SeccompDirectory.Of(global.Root),
            HideExecutable = hideExecutable,
            PlainNewlines = console is null && !TerminalRelay.WritesToTerminal,
            Listener = SeccompListener.For(
                spec.Linux?.Seccomp, () => directory.Describe(ContainerStatus.Running)),
        };
        process = process with { Env = inherited.Extend(process.Env) };
        Foreground? foreground = null;
        using LaunchedProcess launched = ContainerLauncher.Launch(
            spec, process, init, options, arguments.Flag("detach") ? null : () => foreground = new Foreground());
        foreach (string warning in launched.Warnings) global.Log.Warn(warning);

        // In the words of runc, which its users and its tests look for.
        global.Log.Debug(
            $"nsexec container setup: process {launched.Pid} made, {launched.Steps.Count} operations to carry out");
        global.Log.Debug($"child process in init(): process {launched.Pid}");
        global.Log.Debug($"setns_init: about to exec: process {launched.Pid}");
        Deliver(launched, arguments, console, pidFd);
        global.Log.Debug($"process {launched.Pid} runs its program");
        return foreground?.Wait(launched, console is null).Code ?? 0;
    }

    private static FileDescriptor OpenInit(ContainerDirectory directory, bool ignorePaused)
    {
        ContainerStatus status = directory.GetStatus();
        if (status == ContainerStatus.Paused && !ignorePaused)
            throw new RuntimeException(
                $"cannot exec in a paused container: resume '{directory.Id}', or use --ignore-paused");
        FileDescriptor? init = directory.State.FindProcess() is { } process ? ContainerSignal.TryOpen(process) : null;
        if (init is not null) return init;

        // It may have ended since it was looked at.
        status = directory.GetStatus();
        throw new RuntimeException($"container '{directory.Id}' is {StatusText.Of(status)}, not running");
    }

    private static void CheckCapabilities(ParsedArguments arguments)
    {
        foreach (string name in arguments.Values("cap"))
        {
            if (CapabilitySet.NumberOf(name) < 0) throw new UsageException($"--cap: '{name}' is not a capability");
        }
    }

    private static void CheckTerminal(ParsedArguments arguments, OciProcess process)
    {
        bool hasSocket = arguments.Value("console-socket") is not null;
        if (process.Terminal && arguments.Flag("detach") && !hasSocket)
            throw new UsageException("--tty --detach: without --console-socket nobody gets the terminal");
        if (!process.Terminal && hasSocket)
            throw new UsageException("--console-socket: the process has no terminal, use --tty");
    }

    /// <summary>The container's cgroup or one below it, for each controller, as runc has it.</summary>
    private static CgroupManager? OpenCgroup(ContainerDirectory directory, List<string> wanted)
    {
        if (wanted.Count == 0) return directory.OpenCgroup();
        return directory.State.Cgroup is { } own
            ? SubCgroup.Open(own, wanted)
            : throw new RuntimeException($"--cgroup: container '{directory.Id}' has no cgroup");
    }

    private static void Deliver(
        LaunchedProcess launched, ParsedArguments arguments, DescriptorReceiver? console, DescriptorReceiver? pidFd)
    {
        try
        {
            launched.WaitUntilExecuted();
            Tell(launched, arguments, console, pidFd);
        }
        catch
        {
            // Who asked for it learns that it failed, and would not look for a process that runs.
            launched.Abandon();
            throw;
        }
    }

    private static void Tell(
        LaunchedProcess launched, ParsedArguments arguments, DescriptorReceiver? console, DescriptorReceiver? pidFd)
    {
        if (console is not null && launched.Handed is not null) console.Send(launched.Handed, "/dev/ptmx"u8);
        pidFd?.Send(launched.PidFd, "pidfd"u8);
        if (arguments.Value("pid-file") is not { Length: > 0 } file) return;
        string pid = launched.Pid.ToString(CultureInfo.InvariantCulture);
        AtomicFile.Write(HostPath.Absolute(file), Encoding.ASCII.GetBytes(pid), 0x1A4, flush: false);
    }
}
