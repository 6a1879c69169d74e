using System.Globalization;
using System.Text;
using Container.Native.Cgroups;
using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// Runs criu so that what it restores is a child of ours: in the container's cgroup, and in a mount namespace of its
/// own where the root file system is mounted, as criu wants it, and the host does not see that.
/// </summary>
internal static class RestoredProcess
{
    private const int NumberLimit = 64;

    /// <summary>Restores; returns the pid of the container's first process.</summary>
    public static int Start(
        Criu criu, CriuPaths paths, CriuNetwork? network, CgroupManager? cgroup, RestoreHooks? hooks, string rootfs,
        string directory, IReadOnlyList<string> arguments)
    {
        string pidFile = directory + "/criu.pid";
        string root = directory + "/root";
        SystemCallException.Check(Files.mkdirat(Files.AT_FDCWD, root, 0x1C0), "mkdir", root);
        List<string> command = [criu.Program, "restore", .. paths.Arguments("restore"), .. arguments];
        command.AddRange(["--root", root, "--pidfile", pidFile, "--restore-detached", "--restore-sibling"]);
        if (hooks is not null) command.AddRange(RestoreHooks.Arguments);
        using FileDescriptor? target = network?.Path is { } path ? Files.Open(path, Files.O_RDONLY) : null;
        if (network is not null) command.AddRange(network.Restore(target?.Number ?? -1));
        string[] environment = hooks is null ? Criu.Environment : [.. Criu.Environment, hooks.EnvironmentEntry];
        Run(Compile(criu, target, cgroup, rootfs, root, command, environment), cgroup, hooks, paths);
        using FileDescriptor file = Files.Open(pidFile, Files.O_RDONLY);
        string pid = Encoding.ASCII.GetString(Files.ReadAll(file, NumberLimit, pidFile));
        return int.Parse(pid, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private static LaunchPlan Compile(
        Criu criu, FileDescriptor? network, CgroupManager? cgroup, string rootfs, string root, List<string> command,
        string[] environment)
    {
        const int F_SETFD = 2;

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
            [tree, plan.Text(""), Files.AT_FDCWD, plan.Text(root), Mount.MOVE_MOUNT_F_EMPTY_PATH]);
        plan.Close(tree);
        ProcessCompiler.FindExecutable(plan, criu.Program, Criu.Environment);
        ProcessCompiler.CloseDescriptors(plan, 0);
        if (network is not null)
        {
            plan.Call(
                SystemCallNumber.fcntl, new LaunchStep("fcntl", "network", "keep"), [network.Number, F_SETFD, 0]);
        }

        plan.Add(
            OperationKind.Execute, new LaunchStep("exec", criu.Program, null),
            [plan.Texts(command), plan.Texts(environment)]);
        return plan;
    }

    private static void Run(LaunchPlan plan, CgroupManager? cgroup, RestoreHooks? hooks, CriuPaths paths)
    {
        using FileDescriptor? directory = cgroup?.OpenForClone();
        using LaunchedProcess process = LaunchedProcess.Start(plan, 0, directory);
        try
        {
            process.WaitUntilExecuted();
        }
        catch (LaunchException)
        {
            ChildProcess.Wait(process.PidFd);
            throw;
        }

        hooks?.Serve(process.PidFd);
        if (ChildProcess.Wait(process.PidFd).Code == 0) return;
        if (hooks?.Failure is { } failed) throw failed;
        throw Criu.Failure(paths, "restore", "it failed");
    }
}
