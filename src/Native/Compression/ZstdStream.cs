using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Compression;

/// <summary>
/// Decompresses zstd through libzstd. A frame that asks for a window above 128 MiB is refused, one that ends early too.
/// </summary>
public sealed unsafe class ZstdStream : Stream
{
    private const int WindowLogMax = 27;
    private readonly Stream source;
    private readonly byte[] input = new byte[128 * 1024];
    private nint decoder;
    private int position;
    private int filled;
    private bool inFrame;

    /// <summary>Reads from <paramref name="source"/> and disposes of it in the end.</summary>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdStream(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        decoder = Zstd.ZSTD_createDStream();
        if (decoder == 0) throw new InvalidOperationException("ZSTD_createDStream");
        Zstd.Check(Zstd.ZSTD_DCtx_setParameter(decoder, Zstd.ZSTD_d_windowLogMax, WindowLogMax));
    }

    /// <summary>Whether libzstd is installed.</summary>
    public static bool IsAvailable
    {
        get
        {
            if (!NativeLibrary.TryLoad(Zstd.Library, out nint library)) return false;
            NativeLibrary.Free(library);
            return true;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data is damaged, ends early or needs too large a window.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            if (position == filled)
            {
                position = 0;
                filled = source.Read(input);
                if (filled == 0)
                    return inFrame ? throw new InvalidDataException("zstd: the data ends within a frame") : 0;
            }

            int count = Decode(buffer);
            if (count > 0) return count;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (decoder != 0) _ = Zstd.ZSTD_freeDStream(decoder);
        decoder = 0;
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private int Decode(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(decoder == 0, this);
        fixed (byte* to = buffer)
        fixed (byte* from = input)
        {
            Zstd.Buffer output = new() { Data = to, Size = (nuint)buffer.Length };
            Zstd.Buffer data = new() { Data = from, Size = (nuint)filled, Position = (nuint)position };

            // 0: a frame is complete and flushed. The decoder then stands before the next frame, if there is one.
            inFrame = Zstd.Check(Zstd.ZSTD_decompressStream(decoder, &output, &data)) != 0;
            position = (int)data.Position;
            return (int)output.Position;
        }
    }
}
