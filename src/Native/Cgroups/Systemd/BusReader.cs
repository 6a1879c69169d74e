using System.Buffers.Binary;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Systemd;

/// <summary>Reads what <see cref="BusWriter"/> writes; a message that ends early is an error.</summary>
internal ref struct BusReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position >= bytes.Length;

    public void Align(int boundary) => Position = (Position + boundary - 1) / boundary * boundary;

    public byte Byte() => Take(1)[0];

    public uint UInt32()
    {
        Align(sizeof(uint));
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
    }

    public string Text()
    {
        uint length = UInt32();
        string text = Encoding.UTF8.GetString(Take(checked((int)length)));
        Take(1);
        return text;
    }

    public string Signature()
    {
        string text = Encoding.ASCII.GetString(Take(Byte()));
        Take(1);
        return text;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - Position) throw new SystemCallException("read", "D-Bus", Errno.EPROTO);
        Position += count;
        return bytes.Slice(Position - count, count);
    }
}
