using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>What the checks of a container have shown.</summary>
[JsonObject]
public sealed partial record MonitorHealthState
{
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
}
