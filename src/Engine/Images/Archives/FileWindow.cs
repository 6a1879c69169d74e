using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Images.Archives;

/// <summary>A part of a file as a stream of its own; several may be read at once.</summary>
internal sealed class FileWindow(SafeFileHandle file, long start, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - Position);
        if (wanted <= 0) return 0;
        int count = RandomAccess.Read(file, buffer[..wanted], start + Position);
        Position += count;
        return count > 0 ? count : throw ArchiveSource.Truncated();
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Current => Position + offset,
        SeekOrigin.End => length + offset,
        _ => offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
