using System.IO.Compression;
using System.Security.Cryptography;

namespace Container.Engine.Images.Archives;

/// <summary>
/// Decompresses gzip and notices an archive that is cut off, which <see cref="GZipStream"/> takes for its end. A
/// member with a mark is put after the last one: it comes out whole only if those before it were.
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    private const int MarkLength = 16;

    private readonly GZipStream plain;
    private readonly byte[] mark = RandomNumberGenerator.GetBytes(MarkLength);
    private readonly byte[] held = new byte[MarkLength];
    private byte[] next = [];
    private int heldLength;
    private bool ended;

    /// <summary>Reads from a stream, and disposes of it in the end.</summary>
    public WholeGzipStream(Stream source)
    {
        MemoryStream last = new();
        using (GZipStream writer = new(last, CompressionLevel.NoCompression, leaveOpen: true)) writer.Write(mark);
        plain = new GZipStream(new Joined(source, last.ToArray()), CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The last bytes are held back until it is known that they are not the mark.
    public override int Read(Span<byte> buffer)
    {
        if (next.Length < buffer.Length + MarkLength) next = new byte[buffer.Length + MarkLength];
        while (!ended)
        {
            held.AsSpan(0, heldLength).CopyTo(next);
            int count = plain.Read(next.AsSpan(heldLength, buffer.Length + MarkLength - heldLength));
            if (count == 0)
            {
                ended = true;
                if (heldLength == MarkLength && held.AsSpan().SequenceEqual(mark)) return 0;
                throw new InvalidDataException("it is cut off, or something follows its end");
            }

            int have = heldLength + count;
            heldLength = Math.Min(have, MarkLength);
            int free = have - heldLength;
            next.AsSpan(free, heldLength).CopyTo(held);
            if (free == 0) continue;
            next.AsSpan(0, free).CopyTo(buffer);
            return free;
        }

        return 0;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) plain.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Joined(Stream first, byte[] last) : Stream
    {
        private int position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = first.Read(buffer);
            if (count > 0) return count;
            count = Math.Min(buffer.Length, last.Length - position);
            last.AsSpan(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}
