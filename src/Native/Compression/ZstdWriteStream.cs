using Container.Native.Syscalls;

namespace Container.Native.Compression;

/// <summary>Compresses with zstd through libzstd, one frame with a checksum.</summary>
public sealed unsafe class ZstdWriteStream : Stream
{
    private readonly Stream target;
    private readonly bool leaveOpen;
    private readonly byte[] output = new byte[128 * 1024];
    private nint encoder;

    /// <summary>Writes to <paramref name="target"/>, and disposes of it in the end unless it is to stay open.</summary>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdWriteStream(Stream target, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        this.target = target;
        this.leaveOpen = leaveOpen;
        encoder = Zstd.ZSTD_createCCtx();
        if (encoder == 0) throw new InvalidOperationException("ZSTD_createCCtx");
        Zstd.Check(Zstd.ZSTD_CCtx_setParameter(encoder, Zstd.ZSTD_c_checksumFlag, 1));
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!buffer.IsEmpty) Encode(buffer, Zstd.ZSTD_e_continue);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        Encode([], Zstd.ZSTD_e_flush);
        target.Flush();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (encoder == 0) return;
        try
        {
            if (disposing) Encode([], Zstd.ZSTD_e_end);
        }
        finally
        {
            _ = Zstd.ZSTD_freeCCtx(encoder);
            encoder = 0;
            if (disposing && !leaveOpen) target.Dispose();
            base.Dispose(disposing);
        }
    }

    // A flush or the end is over when nothing is left in the encoder; data goes in whole, whatever comes out.
    private void Encode(ReadOnlySpan<byte> buffer, int directive)
    {
        ObjectDisposedException.ThrowIf(encoder == 0, this);
        fixed (byte* from = buffer)
        fixed (byte* to = output)
        {
            Zstd.Buffer data = new() { Data = from, Size = (nuint)buffer.Length };
            bool isDone;
            do
            {
                Zstd.Buffer made = new() { Data = to, Size = (nuint)output.Length };
                nuint left = Zstd.Check(Zstd.ZSTD_compressStream2(encoder, &made, &data, directive));
                target.Write(output, 0, (int)made.Position);
                isDone = directive == Zstd.ZSTD_e_continue ? data.Position == data.Size : left == 0;
            }
            while (!isDone);
        }
    }
}
