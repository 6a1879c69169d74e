using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Scheduling attributes, sched_setattr(2).</summary>
public sealed record OciScheduler : IJsonObject<OciScheduler>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciScheduler()
    {
    }

    private OciScheduler(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("policy"u8)) Policy = json.Text();
            else if (json.Is("nice"u8)) Nice = json.Int32();
            else if (json.Is("priority"u8)) Priority = json.Int32();
            else if (json.Is("flags"u8)) Flags = json.Texts();
            else if (json.Is("runtime"u8)) Runtime = json.UInt64();
            else if (json.Is("deadline"u8)) Deadline = json.UInt64();
            else if (json.Is("period"u8)) Period = json.UInt64();
            else json.Skip();
        }
    }

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

    static OciScheduler IJsonObject<OciScheduler>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("policy"u8, Policy);
        json.Member("nice"u8, Nice);
        json.Member("priority"u8, Priority);
        json.Member("flags"u8, Flags);
        json.Member("runtime"u8, Runtime);
        json.Member("deadline"u8, Deadline);
        json.Member("period"u8, Period);
    }
}
