using Container.Native.Oci;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Limits that nothing here can enforce.</summary>
internal static class AbsentLimits
{
    /// <summary>Fails on the first limit asked of a cgroup that could not be made.</summary>
    public static void Refuse(OciResources resources, string path)
    {
        if (First(resources) is not { } controller) return;
        throw new CgroupException(
            controller, null, $"a {controller} limit is requested, but this user may not make the cgroup '{path}': " +
            "delegate a cgroup to the user (systemd: Delegate=yes), or leave the limit out");
    }

    /// <summary>Fails on the first limit left over on a host without its controller.</summary>
    public static void RefuseController(OciResources rest)
    {
        if (First(rest) is "unified") throw CgroupControl.Unsupported("unified", "resources.unified", "v1");
        if (First(rest) is { } controller) throw CgroupControl.Absent(controller, $"a {controller} limit");
    }

    // Weights are hints, and device rules are no limit that an unprivileged user could set.
    private static string? First(OciResources resources) =>
        ResourceNeeds.Memory(resources.Memory) ? "memory"
        : ResourceNeeds.Cpu(resources.Cpu) ? "cpu"
        : ResourceNeeds.Cpuset(resources.Cpu) ? "cpuset"
        : resources.Pids?.Limit is > 0 ? "pids"
        : ResourceNeeds.Throttle(resources.BlockIo) ? "blkio"
        : resources.HugepageLimits is { Count: > 0 } ? "hugetlb"
        : resources.Rdma is { Count: > 0 } ? "rdma"
        : resources.Network?.ClassId is not (null or 0) ? "net_cls"
        : resources.Network?.Priorities is { Count: > 0 } ? "net_prio"
        : resources.Unified is { Count: > 0 } ? "unified"
        : null;
}
