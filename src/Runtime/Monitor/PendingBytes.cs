namespace Container.Runtime.Monitor;

/// <summary>Bytes that a stream could not take yet. Holds no memory while there are none.</summary>
internal struct PendingBytes
{
    private byte[]? buffer;
    private int start;

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes, the oldest first.</summary>
    public readonly ReadOnlySpan<byte> Span => buffer.AsSpan(start, Length);

    /// <summary>Adds bytes at the end.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (buffer is null || start + Length + data.Length > buffer.Length)
        {
            byte[] larger = new byte[Math.Max(Length + data.Length, 4096)];
            Span.CopyTo(larger);
            buffer = larger;
            start = 0;
        }

        data.CopyTo(buffer.AsSpan(start + Length));
        Length += data.Length;
    }

    /// <summary>Takes bytes away from the beginning.</summary>
    public void Remove(int count)
    {
        start += count;
        Length -= count;
        if (Length > 0) return;
        buffer = null;
        start = 0;
    }
}
