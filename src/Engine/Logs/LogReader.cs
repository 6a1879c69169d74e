namespace Container.Engine.Logs;

/// <summary>
/// Reads a container's log: from the beginning or a tail, across rotations, on to its end when following.
/// </summary>
internal sealed class LogReader : IDisposable
{
    private const int ShortPause = 10;
    private const int LongPause = 100;

    private readonly string path;
    private readonly LogOptions options;
    private readonly LogFilter filter;
    private readonly LogScanner scanner = new();
    private readonly LogJoiner[] joiners = [new(LogStream.Stdout), new(LogStream.Stderr)];
    private readonly Queue<LogFile> files;
    private readonly long cutoff;
    private int cutoffFiles;
    private LogFile? current;
    private bool past;

    private LogReader(string path, LogOptions options)
    {
        this.path = path;
        this.options = options;
        filter = new LogFilter(options);
        List<LogFile> chain = LogFile.OpenChain(path);
        LogPosition start = default;
        if (options.Tail is int count)
        {
            LogTail tail = LogTail.Find(chain, count, filter.Takes);
            start = tail.Start;
            cutoff = tail.Cutoff.Offset;
            cutoffFiles = tail.Cutoff.File - start.File;
        }

        foreach (LogFile skipped in chain.Take(start.File))
        {
            skipped.Dispose();
        }

        files = new Queue<LogFile>(chain.Skip(start.File));
        if (files.TryDequeue(out current)) scanner.Open(current, start.Offset);
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
        while (true)
        {
            // Asked before reading: what is written before the end is then read after it.
            bool ended = !options.Follow || hasEnded();
            bool any = false;
            while (reader.TryRead(out LogEntry entry))
            {
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
            if (joiner.IsPending && reader.Accepts(joiner.Flush(), out LogEntry last)) yield return last;
        }
    }

    public void Dispose()
    {
        current?.Dispose();
        foreach (LogFile file in files)
        {
            file.Dispose();
        }
    }

    private bool TryRead(out LogEntry entry)
    {
        entry = default;
        while (!past)
        {
            if (current is null || !scanner.TryRead(out ReadOnlySpan<byte> text))
            {
                if (!Advance()) return false;
                continue;
            }

            if (!LogLine.TryParse(text, out LogLine line) || !LogLine.TryParseTime(line.Time, out DateTimeOffset time))
                continue;
            past = filter.IsPast(time);
            bool early = cutoffFiles > 0 || (cutoffFiles == 0 && scanner.Position <= cutoff);
            if (joiners[(int)line.Stream].Add(line, time, out LogEntry whole) && !early && Accepts(whole, out entry))
                return true;
        }

        return false;
    }

    private bool Accepts(LogEntry whole, out LogEntry entry)
    {
        entry = whole;
        return filter.Takes(whole.Stream, whole.Timestamp);
    }

    /// <summary>
    /// Goes to the file after the current one. Once that exists the current one has its last line, which may have come
    /// after it was read to the end: so it is read once more first.
    /// </summary>
    private bool Advance()
    {
        if (files.Count == 0 && !Discover()) return false;
        if (current is not null && scanner.Position < current.Length && HasLine()) return true;

        current?.Dispose();
        current = files.Dequeue();
        cutoffFiles--;
        scanner.Open(current, 0);
        return true;
    }

    private bool HasLine()
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(current!.Handle, last, current.Length - 1) == 1 && last[0] == '\n';
    }

    private bool Discover()
    {
        if (!options.Follow) return false;
        List<LogFile> chain = LogFile.OpenChain(path);
        int known = current is null ? -1 : chain.FindIndex(file => file.Identity == current.Identity);
        for (int index = 0; index < chain.Count; index++)
        {
            if (index <= known) chain[index].Dispose();
            else files.Enqueue(chain[index]);
        }

        return files.Count > 0;
    }
}
