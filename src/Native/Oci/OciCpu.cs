using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Processor limits of a cgroup.</summary>
[JsonObject]
public sealed partial record OciCpu
{
    /// <summary>Relative weight, 2 to 262144.</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds of processor time in a period; -1 is unlimited.</summary>
    public long? Quota { get; init; }

    /// <summary>Microseconds that may be saved up.</summary>
    public ulong? Burst { get; init; }

    /// <summary>Length of the period in microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>Microseconds of real-time scheduling in a period (cgroup v1).</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>Length of that period in microseconds (cgroup v1).</summary>
    public ulong? RealtimePeriod { get; init; }

    /// <summary>Processors, such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes, such as <c>0-1</c>.</summary>
    public string? Mems { get; init; }

    /// <summary>1 makes the whole cgroup SCHED_IDLE.</summary>
    public long? Idle { get; init; }
}
