using System.Globalization;
using System.Text;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Compilation;
using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Processes;
using Container.Native.Security;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Creation;

/// <summary>
/// Makes a container (runtime-spec, runtime.md, "Lifecycle", steps 1 to 5). Its directory has a state from before the
/// first thing outside is made, so that whatever ends us, delete finds what there is to take away.
/// </summary>
internal sealed class ContainerCreation : IDisposable
{
    private readonly GlobalOptions global;
    private readonly CreationOptions options;
    private readonly byte[] json;
    private readonly InheritedDescriptors inherited;
    private readonly bool hideExecutable;
    private ContainerLock? held;
    private PacketSocket? start;
    private ResctrlGroup? resctrl;
    private CgroupManager? unlimited;

    private ContainerCreation(GlobalOptions global, CreationOptions options)
    {
        this.global = global;
        this.options = options;
        inherited = InheritedDescriptors.Find(options.PreserveFds);
        OciSpec spec = Read(options.Configuration, out json);
        global.Log.Debug(
            $"{options.Configuration}: version {spec.OciVersion}, {spec.Mounts?.Count ?? 0} mounts, root {spec.Root!.Path}");
        Spec = NotifySocket.Extend(spec with { Process = Complete(spec.Process!) }, $"{global.Root}/{options.Id}");
        CheckTerminal(Spec, options);
        hideExecutable = SelfExecutable.Protect(Spec, Spec.Process!, entersRunning: false);
    }

    public OciSpec Spec { get; }

    public ContainerDirectory Directory { get; private set; } = null!;

    public LaunchedProcess Process { get; private set; } = null!;

    /// <summary>Where the program says that it is ready; null where nobody waits for that, or the program for start.</summary>
    public NotifySocket? Notify { get; private set; }

    /// <summary>What stays with the process; null where nobody does.</summary>
    public Foreground? Foreground { get; private set; }

    /// <summary>Makes the container; where that fails nothing is left.</summary>
    public static ContainerCreation Create(GlobalOptions global, CreationOptions options)
    {
        ContainerCreation creation = new(global, options);
        using DescriptorReceiver? console = DescriptorReceiver.Connect(options.ConsoleSocket);
        using DescriptorReceiver? pidFd = DescriptorReceiver.Connect(options.PidFdSocket);
        (creation.Directory, creation.held) = ContainerDirectory.Create(global.Root, options.Id);
        try
        {
            creation.Launch();
            creation.Deliver(console, pidFd);
            return creation;
        }
        catch
        {
            creation.Undo();
            throw;
        }
    }

    /// <summary>Takes away what was made, after a failure.</summary>
    public void Undo()
    {
        try
        {
            Process?.Abandon();
            ContainerRemoval.Remove(Directory, global.Log);
        }
        catch (Exception failure) when (failure is RuntimeException or SystemCallException or CgroupException)
        {
            global.Log.Warn(failure.Message);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Lets others change the container.</summary>
    public void Unlock()
    {
        held?.Dispose();
        held = null;
    }

    /// <summary>Removes the container, if nobody has while its program ran.</summary>
    public void Remove()
    {
        StoredState own = Directory.State;
        held = Directory.TryLock(global.Root);
        if (held is null || !Directory.State.IsSameProcess(own)) return;
        ContainerRemoval.Remove(Directory, global.Log);
    }

    public void Dispose()
    {
        start?.Dispose();
        Notify?.Dispose();
        Foreground?.Dispose();
        Process?.Dispose();
        held?.Dispose();
    }

    /// <summary>The container's hooks.</summary>
    public ContainerHooks Hooks => ContainerHooks.Of(Directory, Spec, global.Root);

    /// <summary>What is known of a container before it has a process.</summary>
    public static StoredState CreateState(GlobalOptions global, CreationOptions options, OciSpec spec)
    {
        (string? scope, string? path) = FindCgroup(global, options.Id, spec.Linux?.CgroupsPath);
        return new StoredState
        {
            OciVersion = spec.OciVersion,
            Id = options.Id,
            Bundle = options.Bundle,
            Rootfs = HostPath.Absolute(spec.Root!.Path, options.Bundle),
            Created = DateTimeOffset.UtcNow,
            Cgroup = path,
            SystemdScope = scope,
            SharesProcesses = !new LaunchNamespaces(spec.Linux?.Namespaces).Creates(CloneArguments.CLONE_NEWPID),
            HasHooks = spec.Hooks is not null,
            Streams = StandardStreams.Describe(),
            Annotations = spec.Annotations,
        };
    }

    /// <summary>The configuration, and the document it is from.</summary>
    public static OciSpec Read(string file, out byte[] json)
    {
        try
        {
            json = OciDocument.ReadFile(file);
            return OciDocument.ReadSpec(json);
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{file}: {failure.Message}");
        }
    }

    private OciProcess Complete(OciProcess process) => process with
    {
        Env = inherited.Extend(process.Env),
        ConsoleSize = options.Detached ? process.ConsoleSize : process.ConsoleSize ?? TerminalRelay.FindSize(),
    };

    /// <summary>Refuses a terminal that nobody gets, and a receiver of one that is not there.</summary>
    public static void CheckTerminal(OciSpec spec, CreationOptions options)
    {
        bool terminal = spec.Process!.Terminal;
        if (terminal && options.Detached && options.ConsoleSocket is null)
            throw new RuntimeException("process.terminal is true: without --console-socket nobody gets the terminal");
        if (!terminal && options.ConsoleSocket is not null)
            throw new RuntimeException("--console-socket: process.terminal is false, there is no terminal to send");
    }

    private void Launch()
    {
        Directory.WriteConfiguration(json);
        NotifySocket.Prepare(Directory.Path);
        if (!options.WaitsForStart) Notify = NotifySocket.Open(Directory.Path, global.Log);
        if (Spec.Linux?.IntelRdt is { } settings) resctrl = ResctrlGroup.Open(settings, options.Id);
        Directory.Write(CreateState(global, options, Spec) with { Resctrl = resctrl?.OwnDirectory });
        using CgroupManager? cgroup = Directory.OpenCgroup();
        if (cgroup is not null)
        {
            global.Log.Debug($"cgroup {cgroup.Path} by {global.CgroupManager} on a {CgroupHost.Mode} host");
            cgroup.Create();

            // systemd makes one with its limits; others get theirs while the child makes its network namespace, which takes
            // longer. It waits for us after that.
            if (cgroup.IsMadeLater) Limit(cgroup);
            else unlimited = cgroup;
        }

        if (options.WaitsForStart) start = PacketSocket.Listen(Directory.Path, ContainerDirectory.StartingSocket, 1);
        Process = ContainerLauncher.Launch(Spec, CreateOptions(cgroup), beforeRelease: OnNamespaces);
        if (start is null) return;
        Process.WaitUntilReady();
        global.Log.Debug($"process {Process.Pid} waits for start");
        SystemCallException.Check(
            FileCalls.renameat2(
                FileCalls.AT_FDCWD, $"{Directory.Path}/{ContainerDirectory.StartingSocket}",
                FileCalls.AT_FDCWD, $"{Directory.Path}/{ContainerDirectory.StartSocket}", 0),
            "rename", ContainerDirectory.StartSocket);
    }

    // runtime-spec, config-linux.md, "Cgroups Path": a relative one starts where the runtime says, here at the mount.
    private static (string? Scope, string? Path) FindCgroup(GlobalOptions global, string id, string? path) =>
        global.CgroupManager switch
        {
            "disabled" => (null, null),
            "systemd" => CgroupManager.FindScope(path, id),
            // The name that a scope of systemd would have.
            _ when path is null => (null, $"/psrun-{id}.scope"),
            _ => (null, path[0] == '/' ? path : "/" + path),
        };

    private LaunchOptions CreateOptions(CgroupManager? cgroup) => new()
    {
        Id = options.Id,
        Bundle = options.Bundle,
        Cgroup = cgroup,
        StartSocket = start?.Descriptor,
        PreserveFds = inherited.Count,
        NoPivot = options.NoPivot,
        NoNewKeyring = options.NoNewKeyring,
        KeepGroups = CrunAnnotations.KeepsGroups(Spec),
        SeccompCache = SeccompDirectory.Of(global.Root),
        HideExecutable = hideExecutable,
        PlainNewlines = !options.Detached && options.ConsoleSocket is null && !TerminalRelay.WritesToTerminal,
        Hooks = OnHooks,
        Listener = SeccompListener.For(Spec.Linux?.Seccomp, () => Directory.Describe(ContainerStatus.Creating)),
    };

    private void Limit(CgroupManager cgroup) => cgroup.Apply(Spec.Linux?.Resources ?? new OciResources());

    private void OnNamespaces(LaunchedProcess process)
    {
        if (unlimited is not null) Limit(unlimited);
        if (!options.Detached && !options.WaitsForStart) Foreground = new Foreground();
        ProcessIdentity identity = ProcessIdentity.TryRead(process.Pid)
            ?? throw new RuntimeException("the container's process ended before it was set up");
        Directory.Write(Directory.State with
        {
            Pid = identity.Pid,
            PidStartTime = identity.StartTime,
            BootId = HostBoot.Id,
            FirstStartStep = FindStart(process.Steps),
            StartSteps = start is null ? null : StepsFrom(process.Steps, FindStart(process.Steps)),
        });

        foreach (string warning in process.Warnings) global.Log.Warn(warning);

        // In the words of runc, which its users and its tests look for.
        global.Log.Debug(
            $"nsexec container setup: process {process.Pid} made, {process.Steps.Count} operations to carry out");
        global.Log.Debug($"child process in init(): process {process.Pid}");
        resctrl?.Enter(process.Pid);
    }

    private void OnHooks(LaunchedProcess process, HookPoint point)
    {
        global.Log.Debug($"hooks of the point {point.ToString()}");
        Hooks.Run(process, point);
    }

    private static int FindStart(IReadOnlyList<LaunchStep> steps)
    {
        int index = steps.Count - 1;
        while (index > 0 && steps[index] is not { Operation: "wait" }) index--;
        return index;
    }

    private static StoredStep[] StepsFrom(IReadOnlyList<LaunchStep> steps, int first)
    {
        StoredStep[] kept = new StoredStep[steps.Count - first];
        for (int i = 0; i < kept.Length; i++) kept[i] = new StoredStep(steps[first + i]);
        return kept;
    }

    private void Deliver(DescriptorReceiver? console, DescriptorReceiver? pidFd)
    {
        if (!options.WaitsForStart)
        {
            Process.WaitUntilExecuted();
            global.Log.Debug($"init: closing the pipe to signal completion: process {Process.Pid} runs its program");
        }

        if (console is not null)
        {
            if (Process.Handed is null) throw new RuntimeException("the container has sent no terminal");
            console.Send(Process.Handed, "/dev/ptmx"u8);
        }

        pidFd?.Send(Process.PidFd, "pidfd"u8);
        if (options.PidFile is null) return;
        string pid = Process.Pid.ToString(CultureInfo.InvariantCulture);
        AtomicFile.Write(options.PidFile, Encoding.ASCII.GetBytes(pid), 0x1A4, flush: false);
    }
}
