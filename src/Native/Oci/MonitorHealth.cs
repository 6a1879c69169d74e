using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>How a monitor finds out whether its container does what it is for.</summary>
public sealed record MonitorHealth : IJsonObject<MonitorHealth>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorHealth()
    {
    }

    private MonitorHealth(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("command"u8)) Command = json.Texts() ?? [];
            else if (json.Is("intervalMilliseconds"u8)) IntervalMilliseconds = json.Int64();
            else if (json.Is("timeoutMilliseconds"u8)) TimeoutMilliseconds = json.Int64();
            else if (json.Is("startPeriodMilliseconds"u8)) StartPeriodMilliseconds = json.Int64();
            else if (json.Is("retries"u8)) Retries = json.Int32();
            else if (json.Is("action"u8)) Action = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>The command, which says by its exit code 0 that all is well.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The time between two checks.</summary>
    public long IntervalMilliseconds { get; init; }

    /// <summary>How long a check may take.</summary>
    public long TimeoutMilliseconds { get; init; }

    /// <summary>The time after the start in which failures do not count.</summary>
    public long StartPeriodMilliseconds { get; init; }

    /// <summary>How many failures in a row make it unhealthy.</summary>
    public int Retries { get; init; }

    /// <summary>What then happens: restart, stop or kill; nothing where null.</summary>
    public string? Action { get; init; }

    static MonitorHealth IJsonObject<MonitorHealth>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("command"u8, Command);
        json.Member("intervalMilliseconds"u8, IntervalMilliseconds);
        json.Member("timeoutMilliseconds"u8, TimeoutMilliseconds);
        json.Member("startPeriodMilliseconds"u8, StartPeriodMilliseconds);
        json.Member("retries"u8, Retries);
        json.Member("action"u8, Action);
    }
}
