using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Legacy;

/// <summary>
/// The resources of the runtime specification as limits of cgroup v1; devices are <see cref="LegacyDevices"/>.
/// </summary>
internal static class LegacyResources
{
    /// <summary>No resources.</summary>
    public static readonly OciResources Nothing = new();

    /// <summary>
    /// Applies what the mounted controllers can; returns what is left, for which there is no v1 controller here.
    /// </summary>
    /// <param name="find">Gives the directory of a controller, or null.</param>
    /// <param name="resources">The resources.</param>
    public static OciResources Apply(Func<string, CgroupDirectory?> find, OciResources resources)
    {
        SimpleLimits.RequirePageSizes(resources.HugepageLimits);
        OciResources rest = Nothing;
        if (resources.Pids?.Limit is { } pids)
        {
            if (find("pids") is { } directory) SimpleLimits.SetPids(directory, pids);
            else rest = rest with { Pids = resources.Pids };
        }

        if (ResourceNeeds.Memory(resources.Memory))
        {
            if (find("memory") is { } directory) LegacyMemory.Apply(directory, resources.Memory!);
            else rest = rest with { Memory = resources.Memory };
        }

        if (ResourceNeeds.Cpuset(resources.Cpu))
        {
            if (find("cpuset") is { } directory) LegacyCpuset.Apply(directory, resources.Cpu!);
            else rest = rest with { Cpu = new OciCpu { Cpus = resources.Cpu!.Cpus, Mems = resources.Cpu.Mems } };
        }

        if (ResourceNeeds.Cpu(resources.Cpu))
        {
            if (find("cpu") is { } directory) LegacyCpu.Apply(directory, resources.Cpu!);
            else rest = rest with { Cpu = resources.Cpu! with { Cpus = rest.Cpu?.Cpus, Mems = rest.Cpu?.Mems } };
        }

        if (ResourceNeeds.Throttle(resources.BlockIo) || ResourceNeeds.Weight(resources.BlockIo))
        {
            if (find("blkio") is { } directory) LegacyBlockIo.Apply(directory, resources.BlockIo!);
            else rest = rest with { BlockIo = resources.BlockIo };
        }

        if (resources.HugepageLimits is { Count: > 0 } pages)
        {
            if (find("hugetlb") is { } directory) SimpleLimits.SetHugepages(directory, pages);
            else rest = rest with { HugepageLimits = pages };
        }

        if (resources.Rdma is { Count: > 0 } rdma)
        {
            if (find("rdma") is { } directory) SimpleLimits.SetRdma(directory, rdma);
            else rest = rest with { Rdma = rdma };
        }

        ApplyNetwork(find, resources.Network);
        return resources.Unified is { Count: > 0 } ? rest with { Unified = resources.Unified } : rest;
    }

    private static void ApplyNetwork(Func<string, CgroupDirectory?> find, OciNetwork? network)
    {
        if (network?.ClassId is { } classId and not 0)
        {
            LegacyNetwork.SetClass(
                find("net_cls") ?? throw CgroupControl.Absent("net_cls", "network.classID"), classId);
        }

        if (network?.Priorities is { Count: > 0 } priorities)
        {
            LegacyNetwork.SetPriorities(
                find("net_prio") ?? throw CgroupControl.Absent("net_prio", "network.priorities"), priorities);
        }
    }
}
