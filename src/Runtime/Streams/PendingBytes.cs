namespace Container.Runtime.Streams;

/// <summary>Bytes that a stream could not take yet. The memory is kept for the next ones, within reason.</summary>
internal struct PendingBytes
{
    private const int KeptLength = 64 * 1024;

    private byte[]? buffer;
    private int start;

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes, the oldest first.</summary>
    public readonly ReadOnlySpan<byte> Span => buffer.AsSpan(start, Length);

    /// <summary>Adds bytes at the end.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        int needed = Length + data.Length;
        if (buffer is null || start + needed > buffer.Length)
        {
            byte[] target = buffer is not null && needed <= buffer.Length ? buffer : new byte[Size(needed)];
            Span.CopyTo(target);
            buffer = target;
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
        start = 0;
        if (buffer!.Length > KeptLength) buffer = null;
    }

    // Twice as much, or a stream that is never quite emptied would be copied again and again.
    private static int Size(int needed) => needed <= KeptLength / 16 ? KeptLength / 16
        : needed <= KeptLength ? KeptLength
        : needed * 2;
}
