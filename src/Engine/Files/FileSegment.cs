using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Files;

/// <summary>A part of a sparse file that has data.</summary>
internal readonly record struct FileSegment(long Offset, long Length)
{
    /// <summary>More than that of one file, and the rest is taken for data.</summary>
    public const int Maximum = 1 << 20;

    /// <summary>The parts of an open file that have data; null for one without holes.</summary>
    public static IReadOnlyList<FileSegment>? Find(FileDescriptor file, FileMetadata metadata, string path)
    {
        if (metadata.Allocated >= metadata.Size) return null;
        List<FileSegment> segments = [];
        for (long end = 0; file.SeekData(end, path) is { } start && start < metadata.Size;)
        {
            end = segments.Count < Maximum - 1 ? file.SeekHole(start, path) : metadata.Size;
            end = Math.Min(end, metadata.Size);
            segments.Add(new FileSegment(start, end - start));
        }

        return segments is [var only] && only.Length == metadata.Size ? null : segments;
    }
}
