using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// Runs criu so that what it restores is a child of ours: in the container's cgroup, and in a mount namespace of its
/// own where the root file system is mounted, as criu wants it, and the host does not see that.
/// </summary>
internal static class RestoredProcess
{
    /// <summary>Restores; returns the pid of the container's first process, and the master of its terminal.</summary>
    public static (int Pid, FileDescriptor? Terminal) Start(
        Criu criu, CriuPaths paths, CriuNetwork? network, CgroupManager? cgroup, Action<int> namespacesMade, string rootfs,
        string directory, IReadOnlyList<string> arguments)
    {
        string root = directory + "/root";
        SystemCallException.Check(FileCalls.mkdirat(FileCalls.AT_FDCWD, root, 0x1C0), "mkdir", root);
        List<string> request = [.. paths.Arguments("restore"), .. arguments, "--root", root, "--restore-sibling"];
        using FileDescriptor? target = network?.Path is { } path ? FileCalls.Open(path, FileCalls.O_RDONLY) : null;
        if (network is not null) request.AddRange(network.Restore(target?.Number ?? -1));
        using CriuService service = new() { NamespacesMade = namespacesMade };
        service.Run(Compile(criu, service, target, cgroup, rootfs, root), cgroup, paths, "restore", request);
        return (service.Pid, service.TakeTerminal());
    }

    private static LaunchPlan Compile(
        Criu criu, CriuService service, FileDescriptor? network, CgroupManager? cgroup, string rootfs, string root)
    {

        LaunchPlan plan = new();
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        NamespaceCompiler.EnterCgroups(plan, new LaunchOptions { Cgroup = cgroup });
        plan.Call(
            SystemCallNumber.unshare, new LaunchStep("unshare", null, "mount"), [(nint)CloneArguments.CLONE_NEWNS]);
        plan.Call(
            SystemCallNumber.mount, new LaunchStep("propagation", "/", "rprivate"),
            [0, plan.Text("/"), 0, (nint)(Mount.MS_REC | Mount.MS_PRIVATE), 0]);
        LaunchSlot tree = MountCompiler.OpenTree(plan, rootfs, recursive: true);
        plan.Call(
            SystemCallNumber.move_mount, new LaunchStep("move_mount", root, "rootfs"),
            [tree, plan.Text(""), FileCalls.AT_FDCWD, plan.Text(root), Mount.MOVE_MOUNT_F_EMPTY_PATH]);
        plan.Close(tree);
        ProgramSteps.FindExecutable(plan, criu.Executable, Criu.Environment);
        ProgramSteps.CloseDescriptors(plan, 0);
        service.Pass(plan);
        if (network is not null)
        {
            plan.Call(
                SystemCallNumber.fcntl, new LaunchStep("fcntl", "network", "keep"), [network.Number, FileCalls.F_SETFD, 0]);
        }

        plan.Add(
            OperationKind.Execute, new LaunchStep("exec", criu.Executable, null),
            [plan.Texts(service.Command(criu)), plan.Texts(Criu.Environment)]);
        return plan;
    }
}
