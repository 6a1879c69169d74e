namespace Container.Native.Cgroups.Statistics;

/// <summary>
/// What a cgroup has used. A part is null where its controller is not available, a number where the kernel does not
/// tell it.
/// </summary>
public sealed record CgroupStatistics
{
    /// <summary>Processor time.</summary>
    public CpuStatistics? Cpu { get; init; }

    /// <summary>Processors and memory nodes.</summary>
    public CpusetStatistics? Cpuset { get; init; }

    /// <summary>Memory.</summary>
    public MemoryStatistics? Memory { get; init; }

    /// <summary>Number of processes and threads.</summary>
    public PidsStatistics? Pids { get; init; }

    /// <summary>Block devices that were used.</summary>
    public IReadOnlyList<IoStatistics> Io { get; init; } = [];

    /// <summary>Huge pages by page size as the kernel spells it (<c>2MB</c>).</summary>
    public IReadOnlyDictionary<string, HugepageStatistics> Hugepages { get; init; } =
        new Dictionary<string, HugepageStatistics>();

    /// <summary>RDMA devices.</summary>
    public IReadOnlyList<RdmaStatistics> Rdma { get; init; } = [];

    /// <summary>Time that tasks waited for a processor.</summary>
    public PressureStatistics? CpuPressure { get; init; }

    /// <summary>Time that tasks waited for memory.</summary>
    public PressureStatistics? MemoryPressure { get; init; }

    /// <summary>Time that tasks waited for input and output.</summary>
    public PressureStatistics? IoPressure { get; init; }
}
