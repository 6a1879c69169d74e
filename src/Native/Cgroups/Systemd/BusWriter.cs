using System.Buffers.Binary;
using System.Text;

namespace Container.Native.Cgroups.Systemd;

/// <summary>Values as D-Bus writes them, little-endian and aligned (D-Bus Specification, "Marshaling").</summary>
internal sealed class BusWriter
{
    private readonly List<byte> bytes = [];

    public int Length => bytes.Count;

    public byte[] ToArray() => [.. bytes];

    public void Align(int boundary)
    {
        while (bytes.Count % boundary != 0) bytes.Add(0);
    }

    public void Byte(byte value) => bytes.Add(value);

    public void UInt16(ushort value)
    {
        Align(sizeof(ushort));
        bytes.Add((byte)value);
        bytes.Add((byte)(value >> 8));
    }

    public void UInt32(uint value)
    {
        Align(sizeof(uint));
        Span<byte> buffer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, value);
        bytes.AddRange(buffer);
    }

    public void UInt64(ulong value)
    {
        Align(sizeof(ulong));
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
        bytes.AddRange(buffer);
    }

    /// <summary>A boolean has the size of a number.</summary>
    public void Flag(bool value) => UInt32(value ? 1u : 0u);

    /// <summary>A string or an object path.</summary>
    public void Text(string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        UInt32((uint)text.Length);
        bytes.AddRange(text);
        bytes.Add(0);
    }

    public void Signature(string value)
    {
        bytes.Add((byte)value.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(value));
        bytes.Add(0);
    }

    /// <summary>An array, whose length does not count the padding before its first element.</summary>
    public void Array(int boundary, Action content)
    {
        UInt32(0);
        int position = bytes.Count - sizeof(uint);
        Align(boundary);
        int start = bytes.Count;
        content();
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(bytes.Count - start));
        for (int i = 0; i < length.Length; i++) bytes[position + i] = length[i];
    }
}
