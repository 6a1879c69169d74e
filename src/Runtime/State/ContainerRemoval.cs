using Container.Native.Cgroups;
using Container.Native.Launch;
using Container.Native.Oci;

namespace Container.Runtime.State;

/// <summary>Takes a container away: its processes, its cgroup, its poststop hooks, its directory.</summary>
internal static class ContainerRemoval
{
    private const int PatienceMilliseconds = 10_000;

    /// <summary>Ends what still runs and removes all. The caller holds the lock.</summary>
    public static void Remove(ContainerDirectory directory, Log log)
    {
        ContainerSignal.Send(directory, SignalNames.Kill);
        RemoveCgroup(directory);
        if (!ContainerSignal.WaitForEnd(directory, PatienceMilliseconds))
            throw new RuntimeException($"'{directory.Id}': its first process does not end");
        if (directory.State.Resctrl is { } resctrl) ResctrlGroup.Remove(resctrl);
        RunHooks(directory, log);
        directory.Remove();
        log.Debug($"{directory.Path} removed");
    }

    private static void RemoveCgroup(ContainerDirectory directory)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is null || !cgroup.Exists) return;

        // Without a process we have never been in that cgroup: what is in it is another container's with the same path,
        // and what is frozen was so before.
        if (directory.State.Pid != 0) cgroup.Kill();
        else if (cgroup.GetProcesses().Count > 0 || cgroup.IsFrozen) return;
        if (!cgroup.Remove()) throw new RuntimeException($"'{directory.Id}': processes keep its cgroup");
    }

    private static void RunHooks(ContainerDirectory directory, Log log)
    {
        if (!directory.State.HasHooks) return;
        IReadOnlyList<OciHook>? hooks = directory.ReadConfiguration().Hooks?.Poststop;
        for (int i = 0; i < (hooks?.Count ?? 0); i++)
        {
            try
            {
                new HookRunner(new HostProgram()).Run("poststop", [hooks![i]], directory.Describe(ContainerStatus.Stopped));
            }
            catch (HookException failure)
            {
                // "the remaining hooks and lifecycle continue as if the hook had succeeded" (runtime.md, "Lifecycle").
                log.Warn(failure.Message);
            }
        }
    }
}
