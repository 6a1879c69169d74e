using Container.Native.Cgroups.Hierarchies;
using Container.Native.IdMapping;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Network;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Launches processes into containers: the parent's part of what a plan describes. Everything that can fail before
/// the child goes on, fails here; then the child is killed and waited for, and nothing is left.
/// </summary>
internal static class ContainerLauncher
{
    /// <summary>Makes the namespaces and lets the child set itself up, as far as the plan goes without a start.</summary>
    /// <param name="spec">The container's document.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="createRoot">Makes the root as a detached mount; it gets the new user namespace, or null. Goes with
    /// <see cref="LaunchOptions.RootFromParent"/>.</param>
    /// <param name="beforeRelease">What has to happen once the namespaces exist: hooks, network.</param>
    public static LaunchedProcess Launch(
        OciSpec spec,
        LaunchOptions options,
        Func<FileDescriptor?, FileDescriptor>? createRoot = null,
        Action<LaunchedProcess>? beforeRelease = null)
    {
        LaunchCompilation compilation = InitCompiler.Compile(spec, options);
        LaunchedProcess process = Start(compilation);
        try
        {
            Prepare(process, compilation, createRoot, beforeRelease);
            return process;
        }
        catch
        {
            process.Abandon();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Starts a further process in the container whose first process is <paramref name="init"/>.</summary>
    /// <param name="spec">The container's document.</param>
    /// <param name="extra">What to run.</param>
    /// <param name="init">A descriptor of the container's first process.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="beforeRelease">What has to happen before the program can run.</param>
    public static LaunchedProcess Launch(
        OciSpec spec, OciProcess extra, FileDescriptor init, LaunchOptions options, Action? beforeRelease = null)
    {
        try
        {
            return LaunchBeside(spec, extra, init, options, beforeRelease);
        }
        catch (Exception failure) when (ContainerEnd.IsCause(failure, init))
        {
            throw LaunchException.ContainerEnded();
        }
    }

    private static LaunchedProcess LaunchBeside(
        OciSpec spec, OciProcess extra, FileDescriptor init, LaunchOptions options, Action? beforeRelease)
    {
        LaunchPlan plan = ExecCompiler.Compile(spec, extra, init, options);
        LaunchedProcess process;
        bool joinsUnseen = ExecCompiler.JoinsUnseen(spec, extra, options);
        ulong pid = joinsUnseen
            ? 0
            : new LaunchNamespaces(spec.Linux?.Namespaces).All & CloneArguments.CLONE_NEWPID;
        using (FileDescriptor? cgroup = options.Cgroup?.OpenForClone(new ProcessCgroups(init)))
        using (NamespaceVisit.Enter(init, pid))
        using (ProcessorVisit.Enter(extra.ExecCpuAffinity?.Initial))
        {
            process = StartOrDispose(plan, 0, cgroup, options);
        }

        try
        {
            options.Cgroup?.Add(process.Pid);
            Adjust(process.Pid, extra);
            StreamOwner.Give(spec.Linux, extra, options, () => ChildProcess.FindPid(init));
            beforeRelease?.Invoke();
            process.Release();
            if (joinsUnseen) process.FollowFork();
            return process;
        }
        catch
        {
            process.Abandon();
            process.Dispose();
            throw;
        }
    }

    private static LaunchedProcess Start(LaunchCompilation c)
    {
        TimeOffsets.Prepare(c.Namespaces, c.Linux.TimeOffsets);
        using FileDescriptor? cgroup = c.Options.Cgroup?.OpenForClone();
        using NamespaceVisit visit = NamespaceVisit.Enter(c.Namespaces);
        using NamespaceAccount? account = NamespaceAccount.Enter(c.Namespaces, c.Linux);
        return StartOrDispose(c.Plan, c.Namespaces.CloneFlags, cgroup, c.Options);
    }

    private static LaunchedProcess StartOrDispose(
        LaunchPlan plan, ulong flags, FileDescriptor? cgroup, LaunchOptions options)
    {
        try
        {
            return LaunchedProcess.Start(plan, flags, cgroup, options.Hooks, options.Listener);
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    private static void Prepare(
        LaunchedProcess process,
        LaunchCompilation c,
        Func<FileDescriptor?, FileDescriptor>? createRoot,
        Action<LaunchedProcess>? beforeRelease)
    {
        if (c.Namespaces.AreMadeAfterJoining)
        {
            if (c.Namespaces.Has(CloneArguments.CLONE_NEWPID)) process.FollowFork();
            else process.WaitUntilJoined();
        }

        c.Options.Cgroup?.Add(process.Pid);
        bool mapsIds = c.Namespaces.Creates(CloneArguments.CLONE_NEWUSER);
        if (mapsIds) IdMaps.Write(process.Pid, c.Linux.UidMappings, c.Linux.GidMappings, c.Options.Privileged);
        Adjust(process.Pid, NamespaceCompiler.AdjustsItself(c) ? c.Spec.Process! with { OomScoreAdj = null } : c.Spec.Process!);
        StreamOwner.Give(c.Spec.Linux, c.Spec.Process!, c.Options, () => process.Pid);
        CgroupOwner.Give(c, process.Pid);

        using FileDescriptor? userNamespace = createRoot is not null || c.MappedBinds.Count > 0
            ? OpenUserNamespace(process.Pid, c.Namespaces)
            : null;
        if (c.Linux.NetDevices is { Count: > 0 } devices) NetworkDevices.Move(process.PidFd, devices);
        bool shifts = IdMaps.Shifts(c.Linux);
        foreach (MappedBind bind in c.MappedBinds)
        {
            if (shifts || bind.Uids is not null) bind.MapIds(userNamespace);
        }

        using FileDescriptor? root = createRoot?.Invoke(userNamespace);
        beforeRelease?.Invoke(process);
        if (root is null) process.Release();
        else process.Release(root.Number);
    }

    // One that is joined is known by its path: the child enters it later.
    private static FileDescriptor? OpenUserNamespace(int pid, LaunchNamespaces namespaces)
    {
        foreach ((_, ulong flag, string path) in namespaces.Joined)
        {
            if (flag == CloneArguments.CLONE_NEWUSER) return NamespaceVisit.Open(path);
        }

        if (!namespaces.Creates(CloneArguments.CLONE_NEWUSER)) return null;
        using ProcFile proc = ProcFile.Open(pid);
        return proc.OpenNamespace("user");
    }

    /// <summary>What needs the rights of the host: the child of a user namespace has them no more.</summary>
    private static void Adjust(int pid, OciProcess process)
    {
        if (process.OomScoreAdj is { } adjustment)
        {
            using ProcFile proc = ProcFile.Open(pid);
            proc.Write("oom_score_adj", $"{adjustment}");
        }

        ResourceLimits.Raise(pid, process.Rlimits);
    }
}
