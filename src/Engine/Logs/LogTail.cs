namespace Container.Engine.Logs;

/// <summary>
/// Finds where the last lines of a log begin by reading it backwards, so that a tail of ten lines costs the same in a
/// log of any size.
/// </summary>
internal sealed class LogTail
{
    private const int BlockSize = 64 * 1024;

    private readonly int count;
    private readonly Func<ReadOnlyMemory<byte>, bool> counts;
    private int found;

    // For each stream: lines seen, whether a counted line still lacks its beginning.
    private readonly bool[] seen = new bool[2];
    private readonly bool[] open = new bool[2];

    private LogTail(int count, Func<ReadOnlyMemory<byte>, bool> counts)
    {
        this.count = count;
        this.counts = counts;
    }

    /// <summary>The first file to read and where.</summary>
    public LogPosition Start { get; private set; }

    /// <summary>Lines that end before this are pieces of others or too many.</summary>
    public LogPosition Cutoff { get; private set; }

    public static LogTail Find(IReadOnlyList<LogFile> chain, int count, Func<ReadOnlyMemory<byte>, bool> counts)
    {
        LogTail tail = new(count, counts);
        LogPosition end = new(chain.Count - 1, chain.Count == 0 ? 0 : chain[^1].Length);
        tail.Start = tail.Cutoff = end;
        if (count <= 0) return tail;

        tail.Start = tail.Cutoff = default;
        for (int index = chain.Count - 1; index >= 0; index--)
        {
            if (tail.Scan(chain[index], index)) break;
        }

        return tail;
    }

    private bool Scan(LogFile file, int index)
    {
        byte[] block = new byte[BlockSize];
        byte[] rest = [];
        long position = file.Length;

        // What follows the last line feed is still being written.
        bool unfinished = true;
        while (position > 0)
        {
            int length = (int)Math.Min(BlockSize, position);
            position -= length;
            byte[] data = new byte[length + rest.Length];
            int read = RandomAccess.Read(file.Handle, block.AsSpan(0, length), position);
            block.AsSpan(0, read).CopyTo(data);
            rest.CopyTo(data, length);

            int lineEnd = data.Length;
            while (true)
            {
                int feed = lineEnd == 0 ? -1 : data.AsSpan(0, lineEnd).LastIndexOf((byte)'\n');
                if (feed < 0) break;
                if (!unfinished && Take(data.AsMemory(feed + 1, lineEnd - feed - 1), index, position + feed + 1))
                    return true;
                unfinished = false;
                lineEnd = feed;
            }

            rest = data[..lineEnd];
        }

        return !unfinished && Take(rest, index, 0);
    }

    private bool Take(ReadOnlyMemory<byte> text, int file, long offset)
    {
        if (!LogLine.TryParse(text.Span, out LogLine line)) return false;
        int stream = (int)line.Stream;

        // A piece belongs to the line that ends after it; without one it is the end of the log, a line of its own.
        bool isLine = !line.IsPartial || !seen[stream];
        seen[stream] = true;
        if (isLine)
        {
            open[stream] = false;
            if (found < count && counts(text))
            {
                found++;
                open[stream] = true;
                Cutoff = new LogPosition(file, offset);
            }
        }

        if (found < count) return false;
        bool complete = !open[0] && !open[1];
        if (!complete) Start = new LogPosition(file, offset);
        return complete;
    }
}
