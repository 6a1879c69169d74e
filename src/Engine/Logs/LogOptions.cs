namespace Container.Engine.Logs;

/// <summary>Which part of a log to read.</summary>
public sealed record LogOptions
{
    /// <summary>Only the last lines; all where null.</summary>
    public int? Tail { get; init; }

    /// <summary>Only what was written at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what was written before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only this stream; both where null.</summary>
    public LogStream? Stream { get; init; }

    /// <summary>Go on as the container writes, until it ends.</summary>
    public bool Follow { get; init; }
}
