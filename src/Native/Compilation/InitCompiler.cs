using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Compiles the plan of a container's first process from the OCI document.</summary>
internal static class InitCompiler
{
    /// <summary>
    /// The order is the kernel's: namespaces are joined while there are rights over them; the cgroup namespace is made
    /// once the parent has put us into the cgroup; file systems of the new namespaces are mounted while the host's
    /// /proc and /sys are still in sight, which the kernel demands of a user namespace; the root changes when all
    /// host paths have been used; ids and capabilities go last.
    /// </summary>
    public static LaunchCompilation Compile(OciSpec spec, LaunchOptions options)
    {
        LaunchPlan plan = new();
        try
        {
            LaunchCompilation c = new(spec, options, plan)
            {
                Namespaces = new LaunchNamespaces(spec.Linux?.Namespaces, networkLater: spec.Linux?.NetDevices is not { Count: > 0 }),
            };
            if (c.SharesMounts && (!options.Privileged || options.RootFromParent || c.Namespaces.Has(CloneArguments.CLONE_NEWUSER)))
            {
                throw new DocumentException(
                    "linux.namespaces",
                    "a container of an ordinary user or with a user namespace needs a mount namespace: add {\"type\": \"mount\"}");
            }

            Add(c);
            return c;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    // They look for the root at its path or, createContainer hooks, in their working directory, which is ours.
    private static void AddHooks(LaunchCompilation c)
    {
        if (c.Options.Hooks is null || c.Spec.Hooks is not { } hooks) return;
        if (hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 })
            ProcessCompiler.AddHooks(c.Plan, HookPoint.CreateRuntime);
        if (hooks.CreateContainer is not { Count: > 0 }) return;
        c.Plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", "rootfs", null), [c.Root]);
        ProcessCompiler.AddHooks(c.Plan, HookPoint.CreateContainer);
    }

    private static void Add(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        OciProcess process = c.Spec.Process!;
        plan.Call(SystemCallNumber.setsid, new LaunchStep("setsid", null, null), [], tolerated: Errno.EPERM);
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        LaunchSlot? label = LabelCompiler.Open(plan, process);
        NamespaceCompiler.MakeNetwork(c);
        NamespaceCompiler.EnterCgroups(plan, c.Options);
        NamespaceCompiler.Join(c);
        NamespaceCompiler.RaiseLoopback(c);
        c.Root = plan.AddSlot();
        plan.Add(
            OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, "cgroup, id maps, network"),
            [0, c.Root.Index, c.Options.RootFromParent ? 1 : 0]);
        PlacementCompiler.ResetProcessors(plan);
        if (c.Namespaces.Creates(CloneArguments.CLONE_NEWUSER)) ProgramSteps.BecomeRoot(plan);

        // From here on other processes may share our namespaces: none may trace us or open our descriptors
        // (CVE-2016-9962).
        plan.SetUndumpable();
        NamespaceCompiler.MakeLast(c);
        plan.Call(SystemCallNumber.umask, new LaunchStep("umask", "0", null), [0]);

        RootCompiler.Attach(c);
        MountCompiler.Add(c);
        DeviceCompiler.Add(c);
        LaunchSlot? console = ConsoleCompiler.Add(c);
        NamespaceCompiler.SetNames(c);
        PathCompiler.SetSysctls(c);
        PathCompiler.Mask(c);
        PathCompiler.MakeReadOnly(c);
        FileSystemCompiler.MakeReadOnly(c);
        AddHooks(c);
        RootCompiler.Pivot(c);

        // The working directory may have to be made, so the root becomes read-only only now.
        ProcessCompiler.ChangeDirectory(plan, process.Cwd, c.Root, c.Options);
        RootCompiler.MakeReadOnly(c);
        LabelCompiler.Write(plan, process, label);
        ProcessCompiler.Add(
            plan, process, c.Spec.Linux, c.Root, console, SeccompPolicy.Get(c.Linux.Seccomp, c.Options),
            c.Namespaces.Has(CloneArguments.CLONE_NEWUSER), c.Options,
            c.Options.Hooks is not null && c.Spec.Hooks?.StartContainer is { Count: > 0 });
    }
}
