namespace Container.Engine.Logs;

/// <summary>One line a container wrote.</summary>
/// <param name="Timestamp">When its first byte was read; precise to 100 ns.</param>
/// <param name="Stream">Where it was written to.</param>
/// <param name="Line">The text without its line end.</param>
public readonly record struct LogEntry(DateTimeOffset Timestamp, LogStream Stream, string Line)
{
    /// <inheritdoc/>
    public override string ToString() => Line;
}
