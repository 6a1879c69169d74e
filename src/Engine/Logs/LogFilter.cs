namespace Container.Engine.Logs;

/// <summary>Which lines of a log the reader asked for.</summary>
internal sealed class LogFilter(LogOptions options)
{
    public bool Takes(LogStream stream, DateTimeOffset time) =>
        (options.Stream is null || options.Stream == stream)
        && (options.Since is null || time >= options.Since)
        && (options.Until is null || time < options.Until);

    public bool Takes(ReadOnlyMemory<byte> text) =>
        LogLine.TryParse(text.Span, out LogLine line)
        && LogLine.TryParseTime(line.Time, out DateTimeOffset time)
        && Takes(line.Stream, time);

    /// <summary>Nothing written from <paramref name="time"/> on can be taken any more.</summary>
    public bool IsPast(DateTimeOffset time) => options.Until is not null && time >= options.Until;
}
