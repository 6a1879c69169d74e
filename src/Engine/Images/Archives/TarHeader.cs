using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>The fields of one 512-byte header block (POSIX ustar, GNU, and the old format before both).</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Size = 512;
    private const int NameLength = 100;
    private const int ChecksumOffset = 148;
    private readonly ReadOnlySpan<byte> block = block;

    public char Type => (char)block[156];

    public ReadOnlySpan<byte> Block => block;

    public bool IsZero => !block.ContainsAnyExcept((byte)0);

    // GNU's magic is "ustar  " and has other things where POSIX has the prefix.
    private bool IsPosix => block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    public string Name
    {
        get
        {
            string name = Text(0, NameLength);
            string prefix = IsPosix ? Text(345, 155) : string.Empty;
            return prefix.Length == 0 ? name : prefix + "/" + name;
        }
    }

    public string LinkName => Text(157, NameLength);

    public uint Mode => (uint)(Number(100, 8, "mode") & 0xFFF);

    public uint Uid => Id(Number(108, 8, "uid"), "uid");

    public uint Gid => Id(Number(116, 8, "gid"), "gid");

    public long ContentLength => Number(124, 12, "size");

    // Times before 1970 are negative in base 256; what is out of range is no reason to refuse a file.
    public long ModifiedAt => (block[136] & 0x80) != 0 ? Binary(136, 12, "mtime") : Octal(136, 12, "mtime");

    public uint Major => (uint)Number(329, 8, "major");

    public uint Minor => (uint)Number(337, 8, "minor");

    /// <summary>Throws unless the checksum is right: the sum of unsigned, or as of old of signed, bytes.</summary>
    public void Verify()
    {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < Size; i++)
        {
            byte value = i is >= ChecksumOffset and < ChecksumOffset + 8 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        long expected = Octal(ChecksumOffset, 8, "checksum");
        if (expected != unsigned && expected != signed)
            throw ArchiveFailure.Invalid("it is no tar archive, or damaged: the checksum of a header is wrong");
    }

    /// <summary>A number that must not be negative.</summary>
    public long Number(int offset, int length, string field)
    {
        long value = (block[offset] & 0x80) != 0 ? Binary(offset, length, field) : Octal(offset, length, field);
        return value >= 0 ? value : throw ArchiveFailure.Invalid($"the {field} of an entry is negative");
    }

    public static uint Id(long value, string field) => value is >= 0 and < uint.MaxValue
        ? (uint)value
        : throw ArchiveFailure.Invalid($"the {field} {value} of an entry is out of range");

    private string Text(int offset, int length)
    {
        ReadOnlySpan<byte> field = block.Slice(offset, length);
        int end = field.IndexOf((byte)0);
        return PathText.Decode(end < 0 ? field : field[..end]);
    }

    private long Octal(int offset, int length, string field)
    {
        ReadOnlySpan<byte> digits = block.Slice(offset, length).Trim(" \0"u8);
        long value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw ArchiveFailure.Invalid($"the {field} of an entry is no number");
            value = (value << 3) | (long)(digit - (byte)'0');
        }

        return value;
    }

    // Base 256 of GNU and star: two's complement, big-endian, the top bit set as a mark.
    private long Binary(int offset, int length, string field)
    {
        ReadOnlySpan<byte> field256 = block.Slice(offset, length);
        Int128 value = (field256[0] & 0x40) != 0 ? -1 : 0;
        value = (value << 6) | (uint)(field256[0] & 0x3F);
        foreach (byte part in field256[1..]) value = (value << 8) | part;
        return value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw ArchiveFailure.Invalid($"the {field} of an entry is out of range");
    }
}
