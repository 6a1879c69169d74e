using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The memory controller of cgroup v1.</summary>
internal static class LegacyMemory
{
    private const string Name = "memory";
    private const string Limit = "memory.limit_in_bytes";
    private const string LimitWithSwap = "memory.memsw.limit_in_bytes";

    public static void Apply(CgroupDirectory directory, OciMemory memory)
    {
        SetLimits(directory, memory.Limit ?? 0, memory.Swap ?? 0, memory.CheckBeforeUpdate ?? false);

        // memory.kernel is not written: since Linux 5.16 the kernel refuses every value but "no limit".
        if (memory.KernelTcp is { } tcp and not 0)
        {
            CgroupControl.Set(directory, Name, "memory.kmem.tcp.limit_in_bytes", tcp);
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            CgroupControl.Set(directory, Name, "memory.soft_limit_in_bytes", reservation);
        }

        if (memory.DisableOomKiller is true) CgroupControl.Set(directory, Name, "memory.oom_control", 1);

        // Engines written in Go pass -1, "not set", as the largest unsigned number.
        if (memory.Swappiness is { } swappiness and not ulong.MaxValue)
        {
            if (swappiness > 100)
            {
                throw new CgroupException(Name, "memory.swappiness", $"swappiness {swappiness} is not within 0 to 100");
            }

            CgroupControl.Set(
                directory, Name, "memory.swappiness", swappiness.ToString(CultureInfo.InvariantCulture));
        }
    }

    // The kernel keeps memory <= memory+swap at every moment, so what is raised is raised from above and what is
    // lowered is lowered from below.
    private static void SetLimits(CgroupDirectory directory, long limit, long withSwap, bool check)
    {
        if (limit == -1 && withSwap == 0 && directory.Exists(LimitWithSwap)) withSwap = -1;
        if (limit > 0 && withSwap > 0 && withSwap < limit)
        {
            throw new CgroupException(
                Name, LimitWithSwap, $"the limit of memory and swap ({withSwap}) is below that of memory ({limit})");
        }

        if (check && limit > 0) RequireRoom(directory, limit);
        bool swapFirst = limit != 0 && withSwap != 0 &&
            (withSwap == -1 || directory.TryReadNumber(Limit) < withSwap);
        if (swapFirst) SetSwap(directory, withSwap);
        if (limit != 0) CgroupControl.Set(directory, Name, Limit, limit);
        if (withSwap != 0 && !swapFirst) SetSwap(directory, withSwap);
    }

    private static void SetSwap(CgroupDirectory directory, long value)
    {
        if (!CgroupControl.TrySet(directory, Name, LimitWithSwap, value.ToString(CultureInfo.InvariantCulture)))
        {
            throw new CgroupException(
                Name, LimitWithSwap,
                $"memory limit {LimitWithSwap} = '{value}': " +
                "this kernel does not account swap (boot with swapaccount=1)");
        }
    }

    private static void RequireRoom(CgroupDirectory directory, long limit)
    {
        long usage = directory.TryReadNumber("memory.usage_in_bytes") ?? 0;
        if (usage <= limit) return;
        throw new CgroupException(
            Name, Limit, $"memory limit {Limit} = '{limit}': {usage} bytes are in use, and checkBeforeUpdate is set");
    }
}
