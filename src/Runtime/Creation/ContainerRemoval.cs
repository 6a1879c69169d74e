using Container.Native.Cgroups;
using Container.Native.Syscalls;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Creation;

/// <summary>Takes a container away: its processes, its cgroup, its poststop hooks, its directory.</summary>
internal static class ContainerRemoval
{
    private const int PatienceMilliseconds = 10_000;
    private const int UnknownMilliseconds = 2000;
    private const int PauseMilliseconds = 10;

    /// <summary>Ends what still runs and removes all. The caller holds the lock.</summary>
    public static void Remove(ContainerDirectory directory, Log log)
    {
        ContainerSignal.Send(directory, SignalNames.Kill);
        RemoveCgroup(directory, 0);
        RemoveRest(directory, log);
    }

    /// <summary>
    /// The same for a container that another process made. One that was killed may not have come to write down the
    /// process it had made, which ends by itself when it sees that.
    /// </summary>
    public static void RemoveOfOther(ContainerDirectory directory, Log log)
    {
        ContainerSignal.Send(directory, SignalNames.Kill);
        RemoveCgroup(directory, UnknownMilliseconds);
        RemoveRest(directory, log);
    }

    private static void RemoveRest(ContainerDirectory directory, Log log)
    {
        if (!ContainerSignal.WaitForEnd(directory, PatienceMilliseconds))
            throw new RuntimeException($"'{directory.Id}': its first process does not end");
        if (directory.State.Resctrl is { } resctrl) ResctrlGroup.Remove(resctrl);
        RunHooks(directory, log);
        directory.Remove();
        log.Debug($"{directory.Path} removed");
    }

    private static void RemoveCgroup(ContainerDirectory directory, int patience)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is null || !cgroup.Exists) return;

        // Without a process we have never been in that cgroup: what is in it is another container's with the same path,
        // and what is frozen was so before.
        if (directory.State.Pid != 0) cgroup.Kill();
        else if (!BecomesEmpty(cgroup, patience) || cgroup.IsFrozen) return;
        if (!cgroup.Remove()) throw new RuntimeException($"'{directory.Id}': processes keep its cgroup");
    }

    private static bool BecomesEmpty(CgroupManager cgroup, int patience)
    {
        for (int waited = 0; cgroup.GetProcesses().Count > 0; waited += PauseMilliseconds)
        {
            if (waited >= patience) return false;
            Waiting.Sleep(1000 * PauseMilliseconds);
        }

        return true;
    }

    private static void RunHooks(ContainerDirectory directory, Log log)
    {
        if (!directory.State.HasHooks) return;
        ContainerHooks.Of(directory, directory.ReadConfiguration(), "").RunPoststop(log.Warn);
    }
}
