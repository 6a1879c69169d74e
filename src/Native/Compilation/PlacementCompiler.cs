using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Where a process runs and what kernel it is shown: personality(2), set_mempolicy(2), sched_setaffinity(2)
/// (runtime-spec, config-linux.md, "Personality" and "Memory Policy"; config.md, "execCPUAffinity").
/// </summary>
internal static class PlacementCompiler
{
    private const int PER_LINUX = 0;
    private const int PER_LINUX32 = 8;

    /// <summary>What the container's processes have in common, its first and later ones.</summary>
    public static void Add(LaunchPlan plan, OciLinux? linux)
    {
        if (linux?.Personality is { } personality)
        {
            int domain = personality.Domain == "LINUX32" ? PER_LINUX32 : PER_LINUX;
            plan.Call(
                SystemCallNumber.personality, new LaunchStep("personality", personality.Domain, null), [domain]);
        }

        if (linux?.MemoryPolicy is { } policy) SetMemoryPolicy(plan, policy);
    }

    /// <summary>The processors of a process of exec; it is in the container's cgroup already.</summary>
    public static void SetProcessors(LaunchPlan plan, OciCpuAffinity? affinity)
    {
        if (affinity?.Final is { Length: > 0 } final) SetProcessors(plan, final, NumberList.ToMask(final));
        else if (string.IsNullOrEmpty(affinity?.Initial)) ResetProcessors(plan);
    }

    /// <summary>
    /// All processors: the kernel leaves those that there are and that the cgroup has, now and later. Our caller's are not
    /// meant for the container (runc and crun since 2023).
    /// </summary>
    public static void ResetProcessors(LaunchPlan plan)
    {
        // As many as a kernel can be built for (CONFIG_NR_CPUS).
        const int Most = 8192;

        ulong[] mask = new ulong[Most / 64];
        Array.Fill(mask, ulong.MaxValue);
        SetProcessors(plan, "all", mask);
    }

    private static void SetProcessors(LaunchPlan plan, string list, ulong[] mask) => plan.Call(
        SystemCallNumber.sched_setaffinity, new LaunchStep("sched_setaffinity", list, null),
        [0, mask.Length * sizeof(ulong), plan.Data<ulong>(mask)]);

    private static void SetMemoryPolicy(LaunchPlan plan, OciMemoryPolicy policy)
    {
        ulong[] nodes = string.IsNullOrEmpty(policy.Nodes) ? [] : NumberList.ToMask(policy.Nodes);
        int mode = Mode(policy.Mode);
        foreach (string flag in policy.Flags ?? []) mode |= Flag(flag);

        // The kernel takes one off the number of bits it is told (set_mempolicy(2), BUGS).
        int bits = nodes.Length == 0 ? 0 : (nodes.Length * sizeof(ulong) * 8) + 1;
        plan.Call(
            SystemCallNumber.set_mempolicy, new LaunchStep("set_mempolicy", policy.Mode, policy.Nodes),
            [mode, nodes.Length == 0 ? 0 : plan.Data<ulong>(nodes), bits]);
    }

    private static int Mode(string name) => name switch
    {
        "MPOL_DEFAULT" => 0,
        "MPOL_PREFERRED" => 1,
        "MPOL_BIND" => 2,
        "MPOL_INTERLEAVE" => 3,
        "MPOL_LOCAL" => 4,
        "MPOL_PREFERRED_MANY" => 5,
        "MPOL_WEIGHTED_INTERLEAVE" => 6,
        _ => throw new DocumentException("linux.memoryPolicy.mode", $"'{name}' is not a memory policy"),
    };

    private static int Flag(string name) => name switch
    {
        "MPOL_F_STATIC_NODES" => 1 << 15,
        "MPOL_F_RELATIVE_NODES" => 1 << 14,
        "MPOL_F_NUMA_BALANCING" => 1 << 13,
        _ => throw new DocumentException("linux.memoryPolicy.flags", $"'{name}' is not a flag of memory policies"),
    };
}
