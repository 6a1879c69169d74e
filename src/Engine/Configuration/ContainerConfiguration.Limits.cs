namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>Bytes of memory; beyond them the kernel kills.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory and swap together; -1 is unlimited swap.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Bytes the kernel tries to leave to the container.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Processors, as in 1.5.</summary>
    public double? Cpu { get; init; }

    /// <summary>The processors it may run on, as in 0-3,5.</summary>
    public string? CpuSet { get; init; }

    /// <summary>Share of processor time against others, 1 to 10000; 100 is the kernel's default.</summary>
    public long? CpuWeight { get; init; }

    /// <summary>Most processes and threads; -1 is unlimited, 2048 where null.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Share of block input and output against others, 10 to 1000.</summary>
    public int? BlockIOWeight { get; init; }

    /// <summary>Bytes a second that may be read, by device path; 0 is no limit.</summary>
    public IReadOnlyDictionary<string, long>? DeviceReadBps { get; init; }

    /// <summary>Bytes a second that may be written, by device path; 0 is no limit.</summary>
    public IReadOnlyDictionary<string, long>? DeviceWriteBps { get; init; }

    /// <summary>Reads a second, by device path; 0 is no limit.</summary>
    public IReadOnlyDictionary<string, long>? DeviceReadIops { get; init; }

    /// <summary>Writes a second, by device path; 0 is no limit.</summary>
    public IReadOnlyDictionary<string, long>? DeviceWriteIops { get; init; }

    /// <summary>Resource limits, as NAME=SOFT[:HARD] with the names of prlimit(1).</summary>
    public IReadOnlyList<string>? Ulimit { get; init; }

    /// <summary>How readily the kernel kills the container for memory, -1000 to 1000.</summary>
    public int? OomScoreAdjust { get; init; }

    /// <summary>The control group that holds the container's; /pscontainer where null.</summary>
    public string? CgroupParent { get; init; }
}
