using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// Reads a tar archive from front to back: ustar, pax, GNU long names and both GNU's and pax's sparse files. What is
/// malformed is an error, never guessed at.
/// </summary>
internal sealed class TarReader(ITarInput source, ArchiveLimits limits)
{
    private readonly byte[] block = new byte[TarHeader.Size];
    private long remaining;
    private int padding;

    /// <summary>The next entry, or null at the end of the archive.</summary>
    public TarEntry? Next()
    {
        source.Skip(remaining + padding);
        remaining = padding = 0;
        PaxRecords? pax = null;
        string? name = null;
        string? link = null;
        while (true)
        {
            if (!source.ReadExactly(block)) throw ArchiveFailure.Invalid("it has no end mark: it is cut off");
            TarHeader header = new(block);
            if (header.IsZero)
            {
                Finish();
                return null;
            }

            header.Verify();
            switch (header.Type)
            {
                case 'x':
                    pax = PaxRecords.Parse(ReadMeta(header));
                    break;
                case 'g':
                    PaxRecords.Parse(ReadMeta(header));
                    break;
                case 'L':
                    name = PathText.Decode(ReadMeta(header).TrimEnd((byte)0));
                    break;
                case 'K':
                    link = PathText.Decode(ReadMeta(header).TrimEnd((byte)0));
                    break;
                case 'V':
                    SetContent(header.ContentLength);
                    source.Skip(remaining + padding);
                    remaining = padding = 0;
                    break;
                default:
                    return Describe(header, pax, name, link);
            }
        }
    }

    /// <summary>The next bytes of the entry's data; none at its end.</summary>
    public ReadOnlySpan<byte> Take(long maximum)
    {
        long wanted = Math.Min(maximum, remaining);
        if (wanted == 0) return [];
        ReadOnlySpan<byte> data = source.Take(wanted);
        if (data.IsEmpty) throw ArchiveSource.Truncated();
        remaining -= data.Length;
        return data;
    }

    private TarEntry Describe(TarHeader header, PaxRecords? pax, string? longName, string? longLink)
    {
        TarEntryKind kind = Kind(header.Type);
        string name = pax?.Path("path") ?? longName ?? header.Name;

        // Before POSIX a directory was a file whose name ends with a slash.
        if (header.Type == '\0' && name.EndsWith('/')) kind = TarEntryKind.Directory;
        long stored = pax?.Number("size") ?? header.ContentLength;
        SetContent(kind == TarEntryKind.File ? stored : 0);
        long size = remaining;
        IReadOnlyList<FileSegment>? segments = null;
        if (kind == TarEntryKind.File && (header.Type == 'S' || pax?.Has("GNU.sparse.major") == true
            || pax?.SparseNumbers.Count > 0 || pax?.Has("GNU.sparse.size") == true))
        {
            SparseMap map = new(source, limits);
            (segments, size) = header.Type == 'S' ? map.ReadOld(header) : map.ReadPax(pax!, ref remaining);
            SparseMap.Verify(segments, remaining, size);
            name = pax?.Path("GNU.sparse.name") ?? name;
        }

        bool device = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        return new TarEntry
        {
            Kind = kind,
            Name = name,
            LinkName = pax?.Path("linkpath") ?? longLink ?? header.LinkName,
            Mode = header.Mode,
            Uid = pax?.Number("uid") is { } uid ? TarHeader.Id(uid, "uid") : header.Uid,
            Gid = pax?.Number("gid") is { } gid ? TarHeader.Id(gid, "gid") : header.Gid,
            Size = size,
            ModifiedAt = pax?.Time("mtime") ?? new FileTime(header.ModifiedAt, 0),
            Major = device ? header.Major : 0,
            Minor = device ? header.Minor : 0,
            Xattrs = pax?.Xattrs ?? [],
            Segments = segments,
        };
    }

    private static TarEntryKind Kind(char type) => type switch
    {
        '0' or '\0' or '7' or 'S' => TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        _ => throw Unsupported(type),
    };

    private static EngineException Unsupported(char type) => ArchiveFailure.Invalid(
        $"entries of type '{(char.IsAsciiLetterOrDigit(type) ? type : '?')}' are not supported");

    private void SetContent(long size)
    {
        if (size > limits.Bytes) throw ArchiveFailure.TooLarge($"an entry says it has {size:N0} bytes");
        remaining = size;
        padding = (int)(-size & (TarHeader.Size - 1));
    }

    private byte[] ReadMeta(TarHeader header)
    {
        long size = header.ContentLength;
        if (size > limits.HeaderBytes) throw ArchiveFailure.TooLarge($"an extended header has {size:N0} bytes");
        byte[] data = new byte[(int)size];
        if (!source.ReadExactly(data) && size > 0) throw ArchiveSource.Truncated();
        source.Skip(-size & (TarHeader.Size - 1));
        return data;
    }

    // After the end mark there may be padding up to the record size; anything else would be hidden content.
    private void Finish()
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = source.Take(long.MaxValue);
            if (rest.IsEmpty) return;
            if (rest.ContainsAnyExcept((byte)0)) throw ArchiveFailure.Invalid("there is something after its end mark");
        }
    }
}
