namespace Container.Native.Cgroups.Hierarchies;

/// <summary>The runtime specification speaks v1; these are its values in the units of v2.</summary>
internal static class CgroupConversion
{
    /// <summary>
    /// cpu.shares (2 to 262144, default 1024) as cpu.weight (1 to 10000, default 100). The quadratic in log2 that meets
    /// minimum, default and maximum, as runc 1.4 and crun 1.24 have it (opencontainers/cgroups
    /// ConvertCPUSharesToCgroupV2Value, kubernetes KEP-2254): the older linear one gave 1024 shares a weight of 39.
    /// </summary>
    public static ulong SharesToWeight(ulong shares)
    {
        if (shares <= 2) return 1;
        if (shares >= 262_144) return 10_000;
        double log = Math.Log2(shares);
        double exponent = (((log * log) + (125 * log)) / 612.0) - (7.0 / 34.0);
        return (ulong)Math.Ceiling(Math.Pow(10, exponent));
    }

    /// <summary>blkio.weight (10 to 1000) as io.weight (1 to 10000), linear.</summary>
    public static ulong BlockWeightToIoWeight(ushort weight) =>
        1 + ((ulong)(Math.Clamp(weight, (ushort)10, (ushort)1000) - 10) * 9999 / 990);

    /// <summary>
    /// memory+swap as swap alone: null leaves swap as it is, -1 is no limit. Unlimited memory with no word on swap
    /// means both, as it does in v1.
    /// </summary>
    public static long? SwapOnly(long? memory, long? memoryAndSwap)
    {
        long limit = memory ?? 0;
        long both = memoryAndSwap ?? 0;
        if (both == 0) return limit == -1 ? -1 : null;
        if (both == -1) return -1;
        if (limit == -1) return both;
        if (limit <= 0)
        {
            throw new CgroupException(
                "memory", "memory.swap.max", "a limit of memory and swap needs a limit of memory in cgroup v2");
        }

        if (both < limit)
        {
            throw new CgroupException(
                "memory", "memory.swap.max",
                $"the limit of memory and swap ({both}) is below that of memory ({limit})");
        }

        return both - limit;
    }
}
