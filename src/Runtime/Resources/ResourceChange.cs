using Container.Native.Oci;

namespace Container.Runtime.Resources;

/// <summary>What an update does to the limits a container has: what is written, kept, and written to take it back.</summary>
internal sealed class ResourceChange
{
    private const long NoLimit = -1;
    private const ulong DefaultShares = 1024;
    private const ulong DefaultPeriod = 100_000;

    private readonly OciResources current;
    private readonly OciResources wanted;

    public ResourceChange(OciResources? current, OciResources wanted)
    {
        this.current = current ?? new OciResources();
        this.wanted = wanted with { Memory = Complete(this.current.Memory, wanted.Memory) };
    }

    /// <summary>What is written: only what was asked for, as others may have changed the rest meanwhile.</summary>
    public OciResources Applied => wanted;

    /// <summary>The limits after it.</summary>
    public OciResources Kept => current with
    {
        Memory = Merge(current.Memory, wanted.Memory),
        Cpu = Merge(current.Cpu, wanted.Cpu),
        Pids = wanted.Pids?.Limit is null ? current.Pids : wanted.Pids,
        BlockIo = Merge(current.BlockIo, wanted.BlockIo),
        HugepageLimits = Merge(current.HugepageLimits, wanted.HugepageLimits, static l => l.PageSize),
        Network = wanted.Network ?? current.Network,
        Rdma = Merge(current.Rdma, wanted.Rdma),
        Unified = Merge(current.Unified, wanted.Unified),
    };

    /// <summary>What is written when a part of it was refused, so that the container is not left with the other.</summary>
    public OciResources Undo => new()
    {
        Memory = wanted.Memory is not { } memory ? null : new OciMemory
        {
            Limit = Before(memory.Limit, current.Memory?.Limit, NoLimit),
            Reservation = Before(memory.Reservation, current.Memory?.Reservation, NoLimit),
            Swap = Before(memory.Swap, current.Memory?.Swap, NoLimit),
        },
        Cpu = wanted.Cpu is not { } cpu ? null : new OciCpu
        {
            Shares = Before(cpu.Shares, current.Cpu?.Shares, DefaultShares),
            Quota = Before(cpu.Quota, current.Cpu?.Quota, NoLimit),
            Burst = Before(cpu.Burst, current.Cpu?.Burst, 0UL),
            Period = Before(cpu.Period, current.Cpu?.Period, DefaultPeriod),
            Idle = Before(cpu.Idle, current.Cpu?.Idle, 0),
            RealtimeRuntime = cpu.RealtimeRuntime is null ? null : current.Cpu?.RealtimeRuntime,
            RealtimePeriod = cpu.RealtimePeriod is null ? null : current.Cpu?.RealtimePeriod,
            Cpus = cpu.Cpus is null ? null : current.Cpu?.Cpus,
            Mems = cpu.Mems is null ? null : current.Cpu?.Mems,
        },
        Pids = wanted.Pids?.Limit is null ? null : current.Pids ?? new OciPids { Limit = NoLimit },
    };

    /// <summary>
    /// Memory and memory with swap depend on each other: in v2, swap alone is what has a limit, and in v1 the sum may
    /// never be less. Without a limit of memory there is none of both.
    /// </summary>
    private static OciMemory? Complete(OciMemory? current, OciMemory? wanted) => wanted switch
    {
        null or { Limit: null, Swap: null } => wanted,
        { Limit: NoLimit, Swap: null } => wanted with { Swap = NoLimit },
        _ => wanted with { Limit = wanted.Limit ?? current?.Limit, Swap = wanted.Swap ?? current?.Swap },
    };

    private static OciMemory? Merge(OciMemory? current, OciMemory? wanted)
    {
        if (current is null || wanted is null) return wanted ?? current;
        return current with
        {
            Limit = wanted.Limit ?? current.Limit,
            Reservation = wanted.Reservation ?? current.Reservation,
            Swap = wanted.Swap ?? current.Swap,
            Swappiness = wanted.Swappiness ?? current.Swappiness,
            DisableOomKiller = wanted.DisableOomKiller ?? current.DisableOomKiller,
            CheckBeforeUpdate = wanted.CheckBeforeUpdate ?? current.CheckBeforeUpdate,
        };
    }

    private static OciCpu? Merge(OciCpu? current, OciCpu? wanted)
    {
        if (current is null || wanted is null) return wanted ?? current;
        return new OciCpu
        {
            Shares = wanted.Shares ?? current.Shares,
            Quota = wanted.Quota ?? current.Quota,
            Burst = wanted.Burst ?? current.Burst,
            Period = wanted.Period ?? current.Period,
            RealtimeRuntime = wanted.RealtimeRuntime ?? current.RealtimeRuntime,
            RealtimePeriod = wanted.RealtimePeriod ?? current.RealtimePeriod,
            Cpus = wanted.Cpus ?? current.Cpus,
            Mems = wanted.Mems ?? current.Mems,
            Idle = wanted.Idle ?? current.Idle,
        };
    }

    private static OciBlockIo? Merge(OciBlockIo? current, OciBlockIo? wanted)
    {
        if (current is null || wanted is null) return wanted ?? current;
        return new OciBlockIo
        {
            Weight = wanted.Weight is null or 0 ? current.Weight : wanted.Weight,
            LeafWeight = wanted.LeafWeight is null or 0 ? current.LeafWeight : wanted.LeafWeight,
            WeightDevice = Merge(current.WeightDevice, wanted.WeightDevice, static d => (d.Major, d.Minor)),
            ThrottleReadBpsDevice = Merge(current.ThrottleReadBpsDevice, wanted.ThrottleReadBpsDevice, Device),
            ThrottleWriteBpsDevice = Merge(current.ThrottleWriteBpsDevice, wanted.ThrottleWriteBpsDevice, Device),
            ThrottleReadIopsDevice = Merge(current.ThrottleReadIopsDevice, wanted.ThrottleReadIopsDevice, Device),
            ThrottleWriteIopsDevice = Merge(current.ThrottleWriteIopsDevice, wanted.ThrottleWriteIopsDevice, Device),
        };

        static (long Major, long Minor) Device(OciThrottleDevice device) => (device.Major, device.Minor);
    }

    private static IReadOnlyList<T>? Merge<T, TKey>(
        IReadOnlyList<T>? current, IReadOnlyList<T>? wanted, Func<T, TKey> key)
        where TKey : notnull
    {
        if (current is null || wanted is null) return wanted ?? current;
        Dictionary<TKey, T> merged = [];
        foreach (T item in current) merged[key(item)] = item;
        foreach (T item in wanted) merged[key(item)] = item;
        return [.. merged.Values];
    }

    private static IReadOnlyDictionary<string, T>? Merge<T>(
        IReadOnlyDictionary<string, T>? current, IReadOnlyDictionary<string, T>? wanted)
    {
        if (current is null || wanted is null) return wanted ?? current;
        Dictionary<string, T> merged = new(current);
        foreach ((string name, T value) in wanted) merged[name] = value;
        return merged;
    }

    private static T? Before<T>(T? changed, T? current, T unset)
        where T : struct => changed is null ? null : current ?? unset;
}
