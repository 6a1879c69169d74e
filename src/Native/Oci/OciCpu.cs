using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Processor limits of a cgroup.</summary>
public sealed record OciCpu : IJsonObject<OciCpu>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciCpu()
    {
    }

    private OciCpu(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("shares"u8)) Shares = json.OptionalUInt64();
            else if (json.Is("quota"u8)) Quota = json.OptionalInt64();
            else if (json.Is("burst"u8)) Burst = json.OptionalUInt64();
            else if (json.Is("period"u8)) Period = json.OptionalUInt64();
            else if (json.Is("realtimeRuntime"u8)) RealtimeRuntime = json.OptionalInt64();
            else if (json.Is("realtimePeriod"u8)) RealtimePeriod = json.OptionalUInt64();
            else if (json.Is("cpus"u8)) Cpus = json.OptionalText();
            else if (json.Is("mems"u8)) Mems = json.OptionalText();
            else if (json.Is("idle"u8)) Idle = json.OptionalInt64();
            else json.Skip();
        }
    }

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

    static OciCpu IJsonObject<OciCpu>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("shares"u8, Shares);
        json.Member("quota"u8, Quota);
        json.Member("burst"u8, Burst);
        json.Member("period"u8, Period);
        json.Member("realtimeRuntime"u8, RealtimeRuntime);
        json.Member("realtimePeriod"u8, RealtimePeriod);
        json.Member("cpus"u8, Cpus);
        json.Member("mems"u8, Mems);
        json.Member("idle"u8, Idle);
    }
}
