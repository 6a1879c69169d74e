namespace Container.Engine.Logs;

/// <summary>Reads the lines of a chain of files, on into files that a rotation brings when following.</summary>
internal sealed class LogChain : IDisposable
{
    private readonly string path;
    private readonly bool follow;
    private readonly LogScanner scanner = new();
    private readonly Queue<LogFile> files;
    private LogFile? current;

    /// <summary>Reads <paramref name="files"/>, which it owns from now on, from an offset in the first one.</summary>
    public LogChain(string path, IEnumerable<LogFile> files, long offset, bool follow)
    {
        this.path = path;
        this.follow = follow;
        this.files = new Queue<LogFile>(files);
        if (this.files.TryDequeue(out current)) scanner.Open(current, offset);
    }

    /// <summary>Where the next line begins.</summary>
    public long Position => scanner.Position;

    /// <summary>How many files have been left behind.</summary>
    public int Passed { get; private set; }

    /// <summary>The next complete line without its line feed; false at the end of what is written so far.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            if (current is not null && scanner.TryRead(out line)) return true;
            if (Advance()) continue;
            line = default;
            return false;
        }
    }

    public void Dispose()
    {
        current?.Dispose();
        foreach (LogFile file in files) file.Dispose();
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
        Passed++;
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
        if (!follow) return false;
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
