using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Mounts in a container that runs: a process of ours joins its namespaces for them, and ends.</summary>
internal static class ContainerMounts
{
    /// <summary>Makes mounts, resolved and made as those of a new container.</summary>
    /// <param name="spec">The container's document, with the mounts to make.</param>
    /// <param name="init">A descriptor of the container's first process.</param>
    /// <param name="options">The launch's options.</param>
    public static void Add(OciSpec spec, FileDescriptor init, LaunchOptions options) => Run(plan =>
    {
        LaunchCompilation c = new(spec, options, plan) { Namespaces = Join(plan, spec, init), EntersRunning = true };
        c.Root = plan.AddSlot();
        plan.Call(SystemCallNumber.umask, new LaunchStep("umask", "0", null), [0]);
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("open", "/", null),
            [FileCalls.AT_FDCWD, plan.Text("/"), FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC], c.Root);
        MountCompiler.Add(c);
        FileSystemCompiler.MakeReadOnly(c);
        if (c.MappedBinds.Count > 0)
            throw new DocumentException("mounts", "a mount that maps ids cannot be added to a running container");
    });

    /// <summary>Takes the topmost mount at each destination of the document's mounts away; what uses it keeps it until it is done.</summary>
    public static void Remove(OciSpec spec, FileDescriptor init) => Run(plan =>
    {

        // setns(2) made the container's root ours, so no path leads out of it.
        _ = Join(plan, spec, init);
        foreach (OciMount mount in spec.Mounts!)
        {
            plan.Call(
                SystemCallNumber.umount2, new LaunchStep("umount", mount.Destination, null),
                [plan.Text(mount.Destination), Mount.MNT_DETACH | Mount.UMOUNT_NOFOLLOW]);
        }
    });

    private static LaunchNamespaces Join(LaunchPlan plan, OciSpec spec, FileDescriptor init)
    {
        LaunchNamespaces namespaces = new(spec.Linux?.Namespaces);
        if (!namespaces.Has(CloneArguments.CLONE_NEWNS))
            throw new DocumentException("linux.namespaces", "the container has no mount namespace of its own");
        ulong joined = namespaces.All & ~CloneArguments.CLONE_NEWPID;
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);

        // The container's processes must not get at us: CVE-2016-9962.
        plan.SetUndumpable();
        LaunchSlot container = plan.AddSlot(init.Number);
        plan.Call(
            SystemCallNumber.setns, new LaunchStep("setns", "the container", LaunchNamespaces.Names(joined)),
            [container, (nint)joined]);
        if ((joined & CloneArguments.CLONE_NEWUSER) == 0) return namespaces;
        ProgramSteps.BecomeRoot(plan);
        plan.SetUndumpable();
        return namespaces;
    }

    private static void Run(Action<LaunchPlan> compile)
    {
        LaunchPlan plan = new();
        LaunchedProcess process;
        try
        {
            compile(plan);
            process = LaunchedProcess.Start(plan, 0, null);
        }
        catch
        {
            plan.Dispose();
            throw;
        }

        using (process)
        {
            try
            {
                process.WaitUntilExecuted();
            }
            finally
            {
                ChildProcess.Wait(process.PidFd);
            }
        }
    }
}
