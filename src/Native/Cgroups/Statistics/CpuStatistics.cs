namespace Container.Native.Cgroups.Statistics;

/// <summary>Processor time of a cgroup.</summary>
public sealed record CpuStatistics
{
    /// <summary>All time used, in nanoseconds.</summary>
    public long? UsageNanoseconds { get; init; }

    /// <summary>Time used in user mode, in nanoseconds.</summary>
    public long? UserNanoseconds { get; init; }

    /// <summary>Time used in the kernel, in nanoseconds.</summary>
    public long? SystemNanoseconds { get; init; }

    /// <summary>Time used of each processor, in nanoseconds; cgroup v1 only.</summary>
    public IReadOnlyList<long> PerProcessorNanoseconds { get; init; } = [];

    /// <summary>Periods of the bandwidth limit that have passed.</summary>
    public long? Periods { get; init; }

    /// <summary>Periods in which the limit was reached.</summary>
    public long? ThrottledPeriods { get; init; }

    /// <summary>Time that tasks were held back by the limit, in nanoseconds.</summary>
    public long? ThrottledNanoseconds { get; init; }
}
