using Container.Engine.Errors;
using Container.Engine.Files;

namespace Container.Engine.Images.Archives;

/// <summary>The maps of sparse files: GNU's own header (type S), and pax formats 0.0, 0.1 and 1.0.</summary>
internal sealed class SparseMap(ITarInput source, ArchiveLimits limits)
{
    /// <summary>Type S: four segments in the header, further ones in blocks before the data.</summary>
    public (IReadOnlyList<FileSegment> Segments, long Size) ReadOld(TarHeader header)
    {
        List<FileSegment> segments = [];
        Add(segments, header, 386, 4);
        long size = header.Number(483, 12, "sparse size");
        bool more = header.Block[482] != 0;
        byte[] extension = new byte[TarHeader.Size];
        while (more)
        {
            if (!source.ReadExactly(extension)) throw ArchiveSource.Truncated();
            Add(segments, new TarHeader(extension), 0, 21);
            more = extension[504] != 0;
        }

        return (segments, Limited(size));
    }

    /// <summary>Pax: the map in records (0.x) or, as decimal lines in whole blocks, before the data (1.0).</summary>
    public (IReadOnlyList<FileSegment> Segments, long Size) ReadPax(PaxRecords pax, ref long remaining)
    {
        long size = pax.Number("GNU.sparse.realsize") ?? pax.Number("GNU.sparse.size")
            ?? throw ArchiveFailure.Invalid("a sparse file has no size");
        bool lines = pax.Number("GNU.sparse.major") == 1;
        IReadOnlyList<long> numbers = lines ? ReadLines(ref remaining) : pax.SparseNumbers;
        if (numbers.Count % 2 != 0) throw Malformed();
        List<FileSegment> segments = new(numbers.Count / 2);
        for (int i = 0; i < numbers.Count; i += 2) segments.Add(new FileSegment(numbers[i], numbers[i + 1]));
        return (segments, Limited(size));
    }

    /// <summary>Throws unless the segments lie in order within the file and have as much data as the archive.</summary>
    public static void Verify(IReadOnlyList<FileSegment> segments, long data, long size)
    {
        long end = 0;
        foreach (FileSegment segment in segments)
        {
            if (segment.Offset < end || segment.Offset > size) throw Malformed();
            if (segment.Length < 0 || segment.Length > size - segment.Offset) throw Malformed();
            end = segment.Offset + segment.Length;
            data -= segment.Length;
        }

        if (data != 0) throw Malformed();
    }

    private static void Add(List<FileSegment> segments, TarHeader header, int offset, int count)
    {
        for (int i = 0; i < count; i++, offset += 24)
        {
            if (header.Block[offset + 12] == 0) return;
            if (segments.Count == FileSegment.Maximum) throw Malformed();
            segments.Add(new FileSegment(
                header.Number(offset, 12, "sparse offset"), header.Number(offset + 12, 12, "sparse length")));
        }
    }

    private List<long> ReadLines(ref long remaining)
    {
        byte[] block = new byte[TarHeader.Size];
        List<long> numbers = [];
        long expected = -1;
        long number = 0;
        bool digits = false;
        while (expected < 0 || numbers.Count < expected)
        {
            remaining -= TarHeader.Size;
            if (remaining < 0 || !source.ReadExactly(block)) throw Malformed();
            foreach (byte value in block)
            {
                if (expected >= 0 && numbers.Count == expected) break;
                if (value is >= (byte)'0' and <= (byte)'9' && number < long.MaxValue / 16)
                {
                    number = (number * 10) + value - '0';
                    digits = true;
                    continue;
                }

                if (value != '\n' || !digits) throw Malformed();
                if (expected < 0) expected = number <= FileSegment.Maximum ? number * 2 : throw Malformed();
                else numbers.Add(number);
                number = 0;
                digits = false;
            }
        }

        return numbers;
    }

    private long Limited(long size) => size <= limits.Bytes
        ? size
        : throw ArchiveFailure.TooLarge($"a sparse file says it has {size:N0} bytes");

    private static EngineException Malformed() => ArchiveFailure.Invalid("the map of a sparse file is malformed");
}
