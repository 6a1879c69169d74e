using System.Diagnostics;
using System.Globalization;

namespace Container.Engine.Logs;

/// <summary>Reads a container's log out of systemd's journal.</summary>
internal sealed class JournalReader
{
    // How often somebody who follows looks whether the container still runs.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly LogOptions options;
    private readonly string[] arguments;
    private readonly LogFilter filter;
    private readonly CancellationToken cancellation;
    private readonly LogJoiner[] joiners = [new(LogStream.Stdout), new(LogStream.Stderr)];
    private string? cursor;
    private bool past;

    private JournalReader(string id, uint owner, LogOptions options, CancellationToken cancellation)
    {
        this.options = options;
        this.cancellation = cancellation;
        filter = new LogFilter(options);

        // Anybody can write entries with the container's id; whose they are the journal knows by itself.
        arguments =
        [
            "--output=json", "--all", "--quiet", "--no-pager", "--lines=all", "--output-fields=" + JournalEntry.Fields,
            $"CONTAINER_ID_FULL={id}", $"_UID={owner}",
        ];
    }

    /// <summary>Reads the log of a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="owner">The user who watches over it.</param>
    /// <param name="options">What of its log to read.</param>
    /// <param name="hasEnded">Whether nothing more will be written.</param>
    /// <param name="cancellation">Ends the reading with an exception.</param>
    public static IEnumerable<LogEntry> Read(
        string id, uint owner, LogOptions options, Func<bool> hasEnded, CancellationToken cancellation)
    {
        JournalReader reader = new(id, owner, options, cancellation);

        // Asked before reading: what is written before the end is then read after it.
        bool ended = hasEnded();
        if (ended) Journal.Synchronize(cancellation);
        bool follows = options.Follow && !ended;
        IEnumerable<LogEntry> stored = reader.ReadStored();
        if (!follows) stored = stored.Concat(reader.ReadRest());
        if (options.Tail is { } count) stored = stored.TakeLast(count);
        return follows ? stored.Concat(reader.Follow(hasEnded)).Concat(reader.ReadRest()) : stored;
    }

    // Whole seconds, which every version understands; the filter is exact.
    private static string[] Bound(string option, DateTimeOffset? time, int more) => time is null
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{option}=@{time.Value.ToUnixTimeSeconds() + more}")];

    private IEnumerable<LogEntry> ReadStored()
    {
        using Process process = Journal.Start([.. arguments, .. From(), .. Bound("--until", options.Until, 1)]);
        process.StandardInput.Close();
        using CancellationTokenRegistration registration = cancellation.Register(() => Journal.End(process));
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            while (!past && process.StandardOutput.ReadLine() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                if (TryTake(line, out LogEntry entry)) yield return entry;
            }

            cancellation.ThrowIfCancellationRequested();
            if (past) yield break;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw Journal.Unavailable($"The journal cannot be read: {errors.Result.Trim()}", "journalctl");
        }
        finally
        {
            Journal.End(process);
        }
    }

    /// <summary>
    /// Entries as they come. The journal has no end: when the container has one, what is stored by then is the rest.
    /// </summary>
    private IEnumerable<LogEntry> Follow(Func<bool> hasEnded)
    {
        using (Process process = Journal.Start([.. arguments, .. From(), "--follow"]))
        {
            process.StandardInput.Close();
            try
            {
                Task<string?> next = ReadLine(process);
                bool ended = false;
                while (!past && !ended)
                {
                    if (next.Wait(Pause, cancellation))
                    {
                        if (next.Result is not { } line) break;
                        if (TryTake(line, out LogEntry entry)) yield return entry;
                        next = ReadLine(process);
                    }
                    else
                    {
                        ended = hasEnded();
                    }
                }
            }
            finally
            {
                Journal.End(process);
            }
        }

        if (past) yield break;
        Journal.Synchronize(cancellation);
        foreach (LogEntry entry in ReadStored()) yield return entry;
    }

    private static Task<string?> ReadLine(Process process) =>
        process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask();

    private IEnumerable<LogEntry> ReadRest()
    {
        foreach (LogJoiner joiner in joiners)
        {
            if (joiner.IsPending && Accepts(joiner.Flush(), out LogEntry last)) yield return last;
        }
    }

    // journalctl takes one beginning only.
    private string[] From() => cursor is null ? Bound("--since", options.Since, 0) : ["--after-cursor=" + cursor];

    private bool TryTake(string line, out LogEntry entry)
    {
        entry = default;
        if (!JournalEntry.TryParse(line, out JournalEntry read)) return false;
        cursor = read.Cursor;
        past = filter.IsPast(read.Time);
        return joiners[(int)read.Stream].Add(read.IsPartial, read.Text, read.Time, out LogEntry whole)
            && Accepts(whole, out entry);
    }

    private bool Accepts(LogEntry whole, out LogEntry entry)
    {
        entry = whole;
        return filter.Takes(whole.Stream, whole.Timestamp);
    }
}
