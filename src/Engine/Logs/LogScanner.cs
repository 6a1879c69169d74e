namespace Container.Engine.Logs;

/// <summary>
/// Reads a log file's lines in order, in a buffer that is reused; a line that is still written is left.
/// </summary>
internal sealed class LogScanner
{
    private const int BlockSize = 64 * 1024;

    // The monitor cuts lines at a few kilobytes; anything near this is not a log.
    private const int MaximumLine = 1024 * 1024;

    private byte[] buffer = new byte[BlockSize];
    private int start;
    private int end;
    private LogFile? file;

    /// <summary>Where the next line begins.</summary>
    public long Position { get; private set; }

    public void Open(LogFile opened, long position)
    {
        file = opened;
        Position = position;
        start = end = 0;
    }

    /// <summary>The next complete line without its line feed; false at the end of what is written so far.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = start;
        while (true)
        {
            int feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = buffer.AsSpan(start, searched + feed - start);
                Position += line.Length + 1;
                start += line.Length + 1;
                return true;
            }

            if (end - start >= MaximumLine)
            {
                line = buffer.AsSpan(start, end - start);
                Position += line.Length;
                start = end;
                return true;
            }

            int pending = end - start;
            if (!Fill())
            {
                line = default;
                return false;
            }

            searched = start + pending;
        }
    }

    private bool Fill()
    {
        int pending = end - start;
        if (start > 0)
        {
            buffer.AsSpan(start, pending).CopyTo(buffer);
            start = 0;
            end = pending;
        }

        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        int count = RandomAccess.Read(file!.Handle, buffer.AsSpan(end), Position + pending);
        end += count;
        return count > 0;
    }
}
