using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Images.Archives;

/// <summary>A tar archive in a file that is not compressed: what is not wanted of it is not read.</summary>
internal sealed class TarFile(SafeFileHandle file, CancellationToken cancellation) : ITarInput
{
    private readonly long length = RandomAccess.GetLength(file);
    private readonly byte[] buffer = new byte[1 << 16];

    /// <summary>Where the next byte is.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Take(long maximum)
    {
        cancellation.ThrowIfCancellationRequested();
        int count = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(maximum, buffer.Length)), Position);
        Position += count;
        return buffer.AsSpan(0, count);
    }

    public bool ReadExactly(Span<byte> target)
    {
        int done = 0;
        while (done < target.Length)
        {
            int count = RandomAccess.Read(file, target[done..], Position);
            if (count == 0) return done > 0 ? throw ArchiveSource.Truncated() : false;
            Position += count;
            done += count;
        }

        return true;
    }

    public void Skip(long count) =>
        Position = count <= length - Position ? Position + count : throw ArchiveSource.Truncated();
}
