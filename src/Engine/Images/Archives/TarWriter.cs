using System.Globalization;
using System.Text;
using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>Writes a tar archive: ustar, with pax headers for what ustar cannot hold.</summary>
internal sealed class TarWriter(Stream output)
{
    private const int NameLength = 100;
    private const long SmallNumber = 0x1FFFFF;
    private const long SmallSize = 0x1FFFFFFFF;
    private static readonly byte[] Zeros = new byte[TarHeader.Size];
    private long data;

    /// <summary>
    /// Writes the headers of an entry; as many bytes as its size, or its segments, and a call of Pad follow.
    /// </summary>
    public void Write(TarEntry entry)
    {
        byte[] map = [];
        data = entry.Kind == TarEntryKind.File ? entry.Size : 0;
        if (entry.Segments is { } segments)
        {
            map = Map(segments, entry.Size);
            data = segments.Sum(segment => segment.Length);
        }

        Write(entry with { Size = map.Length + data }, entry.Segments is null ? null : entry.Size);
        output.Write(map);
    }

    private void Write(TarEntry entry, long? realSize)
    {
        byte[] name = Bytes(entry.Name);
        byte[] link = Bytes(entry.LinkName);
        MemoryStream pax = new();
        if (name.Length > NameLength) Record(pax, "path", name);
        if (link.Length > NameLength) Record(pax, "linkpath", link);
        if (entry.Size > SmallSize) Record(pax, "size", entry.Size);
        if (entry.Uid > SmallNumber) Record(pax, "uid", entry.Uid);
        if (entry.Gid > SmallNumber) Record(pax, "gid", entry.Gid);
        FileTime time = entry.ModifiedAt;
        if (time.Nanoseconds != 0 || time.Seconds is < 0 or > SmallSize) Record(pax, "mtime", Text(time));
        if (realSize is { } real)
        {
            // GNU's format 1.0, which GNU tar, bsdtar and Go read.
            Record(pax, "GNU.sparse.major", 1);
            Record(pax, "GNU.sparse.minor", 0);
            Record(pax, "GNU.sparse.name", name);
            Record(pax, "GNU.sparse.realsize", real);
        }

        foreach ((string xattr, byte[] value) in entry.Xattrs) Record(pax, PaxRecords.XattrKey(xattr), value);
        if (pax.Length > 0)
        {
            TarEntry extended = new() { Kind = TarEntryKind.File, Name = "pax", Mode = 0x1A4, Size = pax.Length };
            Header("pax"u8, default, 'x', extended);
            pax.WriteTo(output);
            Fill(pax.Length);
        }

        Header(name, link, Type(entry.Kind), entry);
    }

    /// <summary>Fills the last block of an entry's data.</summary>
    public void Pad() => Fill(data);

    /// <summary>Writes the end mark.</summary>
    public void Finish()
    {
        output.Write(Zeros);
        output.Write(Zeros);
        output.Flush();
    }

    private void Fill(long size) => output.Write(Zeros, 0, (int)(-size & (TarHeader.Size - 1)));

    // How many segments there are, and offset and length of each, a number a line, in whole blocks. One without length
    // at the end says that the file ends with a hole.
    private static byte[] Map(IReadOnlyList<FileSegment> segments, long size)
    {
        bool ends = segments is [.., var last] && last.Offset + last.Length == size;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{segments.Count + (ends ? 0 : 1)}\n");
        foreach ((long offset, long length) in segments)
            text.Append(CultureInfo.InvariantCulture, $"{offset}\n{length}\n");
        if (!ends) text.Append(CultureInfo.InvariantCulture, $"{size}\n0\n");
        byte[] map = new byte[(text.Length + TarHeader.Size - 1) / TarHeader.Size * TarHeader.Size];
        Encoding.ASCII.GetBytes(text.ToString(), map);
        return map;
    }

    private static char Type(TarEntryKind kind) => kind switch
    {
        TarEntryKind.HardLink => '1',
        TarEntryKind.SymbolicLink => '2',
        TarEntryKind.CharacterDevice => '3',
        TarEntryKind.BlockDevice => '4',
        TarEntryKind.Directory => '5',
        TarEntryKind.Fifo => '6',
        _ => '0',
    };

    private void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, char type, TarEntry entry)
    {
        Span<byte> block = stackalloc byte[TarHeader.Size];
        block.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(block);
        Octal(block.Slice(100, 8), entry.Mode);
        Octal(block.Slice(108, 8), Math.Min(entry.Uid, SmallNumber));
        Octal(block.Slice(116, 8), Math.Min(entry.Gid, SmallNumber));
        Octal(block.Slice(124, 12), Math.Min(entry.Size, SmallSize));
        Octal(block.Slice(136, 12), Math.Clamp(entry.ModifiedAt.Seconds, 0, SmallSize));
        block.Slice(148, 8).Fill((byte)' ');
        block[156] = (byte)type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block[157..]);
        "ustar\00000"u8[..8].CopyTo(block[257..]);
        Octal(block.Slice(329, 8), Math.Min(entry.Major, SmallNumber));
        Octal(block.Slice(337, 8), Math.Min(entry.Minor, SmallNumber));
        int sum = 0;
        foreach (byte value in block) sum += value;
        Octal(block.Slice(148, 7), sum);
        output.Write(block);
    }

    private static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3) field[i] = (byte)('0' + (value & 7));
    }

    private static void Record(MemoryStream pax, string key, long value) =>
        Record(pax, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    // The length of a record counts its own digits.
    private static void Record(MemoryStream pax, string key, byte[] value)
    {
        byte[] middle = Encoding.UTF8.GetBytes(" " + key + "=");
        int rest = middle.Length + value.Length + 1;
        int length = rest + Digits(rest);
        length = rest + Digits(length);
        pax.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        pax.Write(middle);
        pax.Write(value);
        pax.WriteByte((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Text(FileTime time)
    {
        decimal value = time.Seconds + (time.Nanoseconds / 1_000_000_000m);
        return Encoding.ASCII.GetBytes(value.ToString("0.#########", CultureInfo.InvariantCulture));
    }

    private static byte[] Bytes(string name)
    {
        byte[] buffer = new byte[PathText.MaximumLength(name)];
        return buffer[..PathText.Encode(name, buffer)];
    }
}
