using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Scheduling attributes, sched_setattr(2).</summary>
[JsonObject]
public sealed partial record OciScheduler
{
    /// <summary>The policy, such as <c>SCHED_FIFO</c>.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The nice value of SCHED_OTHER and SCHED_BATCH.</summary>
    public int Nice { get; init; }

    /// <summary>The static priority of SCHED_FIFO and SCHED_RR.</summary>
    public int Priority { get; init; }

    /// <summary>Flags, such as <c>SCHED_FLAG_RESET_ON_FORK</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>SCHED_DEADLINE: nanoseconds of run time in a period.</summary>
    public ulong Runtime { get; init; }

    /// <summary>SCHED_DEADLINE: nanoseconds until the deadline.</summary>
    public ulong Deadline { get; init; }

    /// <summary>SCHED_DEADLINE: nanoseconds of a period.</summary>
    public ulong Period { get; init; }
}
