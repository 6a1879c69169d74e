using System.Globalization;
using System.Text;

namespace Container.Engine.Tests.Images;

/// <summary>Writes tar archives byte by byte, malformed ones too.</summary>
internal sealed class TarBuilder
{
    private readonly List<byte> output = [];

    /// <summary>The whole archive, ended.</summary>
    public byte[] Content => [.. output, .. new byte[1024]];

    public TarBuilder Directory(string name, uint mode = 0x1ED, long mtime = 1000, long uid = 0, long gid = 0) =>
        Header(name, '5', mode: mode, uid: uid, gid: gid, mtime: mtime);

    public TarBuilder File(string name, string content, uint mode = 0x1A4, long uid = 0, long gid = 0) =>
        File(name, Encoding.UTF8.GetBytes(content), mode, uid, gid);

    public TarBuilder File(string name, byte[] content, uint mode = 0x1A4, long uid = 0, long gid = 0) =>
        Header(name, '0', content.Length, mode: mode, uid: uid, gid: gid).Data(content);

    public TarBuilder Symlink(string name, string target) => Header(name, '2', link: target);

    public TarBuilder HardLink(string name, string target) => Header(name, '1', link: target);

    public TarBuilder Node(string name, char type, int major, int minor) =>
        Header(name, type, major: major, minor: minor);

    public TarBuilder Pax(params (string Key, byte[] Value)[] records)
    {
        using MemoryStream data = new();
        foreach ((string key, byte[] value) in records)
        {
            byte[] middle = Encoding.UTF8.GetBytes($" {key}=");
            int length = middle.Length + value.Length + 1;
            length += length.ToString(CultureInfo.InvariantCulture).Length;
            int again = middle.Length + value.Length + 1 + length.ToString(CultureInfo.InvariantCulture).Length;
            data.Write(Encoding.ASCII.GetBytes(again.ToString(CultureInfo.InvariantCulture)));
            data.Write(middle);
            data.Write(value);
            data.WriteByte((byte)'\n');
        }

        return Header("pax", 'x', data.Length).Data(data.ToArray());
    }

    public TarBuilder Pax(string key, string value) => Pax((key, Encoding.UTF8.GetBytes(value)));

    public TarBuilder LongName(string name)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes(name), 0];
        return Header("././@LongLink", 'L', data.Length).Data(data);
    }

    public TarBuilder Data(byte[] content)
    {
        output.AddRange(content);
        output.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(byte[] content)
    {
        output.AddRange(content);
        return this;
    }

    public TarBuilder Header(
        string name,
        char type,
        long size = 0,
        string link = "",
        uint mode = 0x1A4,
        long uid = 0,
        long gid = 0,
        long mtime = 1000,
        int major = 0,
        int minor = 0,
        Action<byte[]>? edit = null)
    {
        byte[] block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        Octal(block, 100, 8, mode);
        Octal(block, 108, 8, uid);
        Octal(block, 116, 8, gid);
        Octal(block, 124, 12, size);
        Octal(block, 136, 12, mtime);
        block[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(block, 157);
        Encoding.ASCII.GetBytes("ustar\00000").AsSpan(0, 8).CopyTo(block.AsSpan(257));
        Octal(block, 329, 8, major);
        Octal(block, 337, 8, minor);
        edit?.Invoke(block);
        block.AsSpan(148, 8).Fill((byte)' ');
        int sum = block.Sum(value => value);
        Octal(block, 148, 7, sum);
        return Raw(block);
    }

    public byte[] ToArray(bool end = true)
    {
        if (end) output.AddRange(new byte[1024]);
        return [.. output];
    }

    public static void Octal(byte[] block, int offset, int length, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(block, offset);
}
