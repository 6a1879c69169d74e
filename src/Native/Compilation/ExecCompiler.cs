using Container.Native.Cgroups.Hierarchies;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Compiles the plan of a further process in a running container.</summary>
internal static class ExecCompiler
{
    /// <summary>
    /// The parent has entered the container's pid namespace for its children; everything else the child joins through
    /// the descriptor of the container's first process, in one call.
    /// </summary>
    /// <param name="spec">The container's document: its namespaces and its filter.</param>
    /// <param name="process">What to run.</param>
    /// <param name="init">A descriptor of the container's first process.</param>
    /// <param name="options">The launch's options.</param>
    public static LaunchPlan Compile(OciSpec spec, OciProcess process, FileDescriptor init, LaunchOptions options)
    {
        LaunchPlan plan = new();
        try
        {
            Add(plan, spec, process, init, options);
            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    private static void Add(
        LaunchPlan plan, OciSpec spec, OciProcess process, FileDescriptor init, LaunchOptions options)
    {
        ulong flags = new LaunchNamespaces(spec.Linux?.Namespaces).All;
        plan.Call(SystemCallNumber.setsid, new LaunchStep("setsid", null, null), [], tolerated: Errno.EPERM);
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        LaunchSlot? label = LabelCompiler.Open(plan, process);
        NamespaceCompiler.EnterCgroups(plan, options, new ProcessCgroups(init));
        plan.Add(OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, "cgroup"), [0, 0, 0]);
        PlacementCompiler.SetProcessors(plan, process.ExecCpuAffinity);

        // Before the container's processes can see us: CVE-2016-9962. Again after, as new credentials reset it.
        plan.SetUndumpable();
        LaunchSlot container = plan.AddSlot(init.Number);
        bool hidden = JoinsUnseen(spec, process, options);
        ulong joined = hidden ? flags : flags & ~CloneArguments.CLONE_NEWPID;
        if (joined != 0)
        {
            plan.Call(
                SystemCallNumber.setns, new LaunchStep("setns", "the container", LaunchNamespaces.Names(joined)),
                [container, (nint)joined]);
        }

        if ((flags & CloneArguments.CLONE_NEWNS) == 0) EnterRoot(plan, init);
        if (hidden) Appear(plan, options);
        if ((flags & CloneArguments.CLONE_NEWUSER) != 0)
        {
            ProgramSteps.BecomeRoot(plan);
            plan.SetUndumpable();
        }

        // setns(2) made the container's root ours.
        LaunchSlot root = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("open", "/", null),
            [FileCalls.AT_FDCWD, plan.Text("/"), FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC], root);
        LaunchSlot? console = process.Terminal ? OpenConsole(plan, process, root, options) : null;
        ProcessCompiler.ChangeDirectory(plan, process.Cwd, root, options);
        LabelCompiler.Write(plan, process, label);
        ProcessCompiler.Add(
            plan, process, spec.Linux, root, console, SeccompPolicy.Get(spec.Linux?.Seccomp, options),
            (flags & CloneArguments.CLONE_NEWUSER) != 0, options);
    }

    /// <summary>
    /// Whether processes of the container could open what ours have of the host, its root directory to begin with, for
    /// as long as they are in sight of each other: root without a user namespace and with CAP_SYS_PTRACE may
    /// (CVE-2016-9962). Then ours comes into the container's pid namespace last; else the parent puts it there first,
    /// which saves a clone. A label has to be written by the process that opened its file, which forbids the former.
    /// A caller without privileges has the right to enter the pid namespace only once it is in the user namespace, which
    /// the parent cannot enter; one that is root of a user namespace could enter, and not come back to its own.
    /// </summary>
    public static bool JoinsUnseen(OciSpec spec, OciProcess process, LaunchOptions options)
    {
        LaunchNamespaces namespaces = new(spec.Linux?.Namespaces);
        if (!namespaces.Has(CloneArguments.CLONE_NEWPID)) return false;
        if (!UserNamespace.IsInitial) return true;
        if (!options.Privileged && namespaces.Has(CloneArguments.CLONE_NEWUSER)) return true;
        return SelfExposureRules.CanLookAtHost(spec) && !SelfExposureRules.HasLabel(process);
    }

    // setns(2) changes the root only with the mount namespace.
    private static void EnterRoot(LaunchPlan plan, FileDescriptor init)
    {
        LaunchSlot root = plan.AddSlot(plan.Own(ContainerRoot.Open(init)));
        plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", "the container's root", null), [root]);
        plan.Call(SystemCallNumber.chroot, new LaunchStep("chroot", "the container's root", null), [plan.Text(".")]);
    }

    private static void Appear(LaunchPlan plan, LaunchOptions options)
    {
        foreach (int stream in options.StandardStreams ?? []) plan.AddSlot(stream);
        int first = 3 + options.PreserveFds;
        plan.Add(OperationKind.CloseOthers, new LaunchStep("close-range", $"{first}-", null), [first]);
        plan.Fork(new LaunchStep("fork", "pid", null), 0);

        // The session that was made before is its sibling's, and only a leader gets a terminal (ioctl_tty(2)).
        plan.Call(SystemCallNumber.setsid, new LaunchStep("setsid", null, null), [], tolerated: Errno.EPERM);
    }

    private static LaunchSlot OpenConsole(
        LaunchPlan plan, OciProcess process, LaunchSlot root, LaunchOptions options)
    {
        LaunchSlot master = plan.AddSlot();
        plan.Add(
            OperationKind.OpenInRoot, new LaunchStep("open", "/dev/ptmx", null),
            [root, plan.Text("/dev/ptmx"), FileCalls.O_RDWR | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC, 0,
                options.ForceWalk ? 1 : 0],
            master);
        ConsoleCompiler.Verify(plan, master);
        return ConsoleCompiler.OpenPeer(plan, master, process, options);
    }
}
