namespace Container.Engine.Files;

/// <summary>
/// Passes on what is written to it until it is cancelled: whoever writes a lot hears of Ctrl+C at the next block, and
/// can be told how much it was.
/// </summary>
internal sealed class InterruptibleStream(
    Stream output, CancellationToken cancellation, Action<long>? progress = null) : Stream
{
    // Compressing this much takes a few milliseconds.
    private const int BlockSize = 1 << 18;

    private long written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> block = buffer[..Math.Min(buffer.Length, BlockSize)];
            output.Write(block);
            buffer = buffer[block.Length..];
            written += block.Length;
            progress?.Invoke(written);
        }
    }

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
