namespace Container.Engine.Logs;

/// <summary>
/// Reads a container's log: from the beginning or a tail, across rotations, on to its end when following.
/// </summary>
internal sealed class LogReader : IDisposable
{
    private const int ShortPause = 10;
    private const int LongPause = 100;

    private readonly LogFilter filter;
    private readonly LogChain chain;
    private readonly LogJoiner[] joiners = [new(LogStream.Stdout), new(LogStream.Stderr)];
    private readonly long cutoff;
    private readonly int cutoffFiles;
    private readonly bool follows;
    private bool past;

    private LogReader(string path, LogOptions options)
    {
        filter = new LogFilter(options);
        follows = options.Follow;
        List<LogFile> files = LogFile.OpenChain(path);
        LogPosition start = default;
        if (options.Tail is int count)
        {
            LogTail tail = LogTail.Find(files, count, filter.Takes);
            start = tail.Start;
            cutoff = tail.Cutoff.Offset;
            cutoffFiles = tail.Cutoff.File - start.File;
        }

        foreach (LogFile skipped in files.Take(start.File))
        {
            skipped.Dispose();
        }

        chain = new LogChain(path, files.Skip(start.File), start.Offset, options.Follow);
    }

    /// <summary>Reads the log at <paramref name="path"/>.</summary>
    /// <param name="path">The file that is written to.</param>
    /// <param name="options">What of it to read.</param>
    /// <param name="hasEnded">Whether nothing more will be written; asked when following.</param>
    /// <param name="cancellation">Ends the reading with an exception.</param>
    public static IEnumerable<LogEntry> Read(
        string path, LogOptions options, Func<bool> hasEnded, CancellationToken cancellation)
    {
        using LogReader reader = new(path, options);
        int pause = ShortPause;

        // What is written after the tail was found is no part of it.
        int left = options is { Follow: false, Tail: { } count } ? count : int.MaxValue;
        while (true)
        {
            // Asked before reading: what is written before the end is then read after it.
            bool ended = !options.Follow || hasEnded();
            bool any = false;
            while (left > 0 && reader.TryRead(out LogEntry entry))
            {
                left--;
                cancellation.ThrowIfCancellationRequested();
                any = true;
                yield return entry;
            }

            if (ended || reader.past) break;
            pause = any ? ShortPause : Math.Min(pause * 2, LongPause);
            if (cancellation.WaitHandle.WaitOne(pause)) cancellation.ThrowIfCancellationRequested();
        }

        foreach (LogJoiner joiner in reader.joiners)
        {
            if (!joiner.IsPending || left <= 0 || !reader.Accepts(joiner.Flush(), out LogEntry last)) continue;
            left--;
            yield return last;
        }
    }

    public void Dispose() => chain.Dispose();

    private bool TryRead(out LogEntry entry)
    {
        entry = default;

        // A line that is past the end is no reason not to read on: the clock may have been set back after it.
        while (!(past && follows) && chain.TryRead(out ReadOnlySpan<byte> text))
        {
            if (!LogLine.TryParse(text, out LogLine line) || !LogLine.TryParseTime(line.Time, out DateTimeOffset time))
                continue;
            past = filter.IsPast(time);
            int left = cutoffFiles - chain.Passed;
            bool early = left > 0 || (left == 0 && chain.Position <= cutoff);
            if (joiners[(int)line.Stream].Add(line.IsPartial, line.Text, time, out LogEntry whole)
                && !early && Accepts(whole, out entry))
                return true;
        }

        return false;
    }

    private bool Accepts(LogEntry whole, out LogEntry entry)
    {
        entry = whole;
        return filter.Takes(whole.Stream, whole.Timestamp);
    }
}
