using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What the checks of a container have shown.</summary>
public sealed record MonitorHealthState : IJsonObject<MonitorHealthState>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorHealthState()
    {
    }

    private MonitorHealthState(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("status"u8)) Status = json.Text();
            else if (json.Is("failingStreak"u8)) FailingStreak = json.Int32();
            else if (json.Is("checkedAt"u8)) CheckedAt = json.OptionalTime();
            else if (json.Is("exitCode"u8)) ExitCode = json.OptionalInt32();
            else if (json.Is("output"u8)) Output = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>starting, healthy or unhealthy.</summary>
    public string Status { get; init; } = "";

    /// <summary>Failures in a row that count.</summary>
    public int FailingStreak { get; init; }

    /// <summary>When the last check ended.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The exit code of the last check; -1 where it took too long or could not be run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the last check wrote, its beginning.</summary>
    public string? Output { get; init; }

    static MonitorHealthState IJsonObject<MonitorHealthState>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("status"u8, Status);
        json.Member("failingStreak"u8, FailingStreak);
        json.Member("checkedAt"u8, CheckedAt);
        json.Member("exitCode"u8, ExitCode);
        json.Member("output"u8, Output);
    }
}
