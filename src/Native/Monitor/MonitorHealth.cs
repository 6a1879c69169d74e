using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>How a monitor finds out whether its container does what it is for.</summary>
[JsonObject]
public sealed partial record MonitorHealth
{
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
}
