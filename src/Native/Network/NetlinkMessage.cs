using System.Buffers.Binary;
using System.Text;

namespace Container.Native.Network;

/// <summary>A request to the kernel: struct nlmsghdr, a header of its kind, attributes (netlink(7), rtnetlink(7)).</summary>
internal sealed class NetlinkMessage
{
    public const int HeaderLength = 16;
    public const int AttributeHeaderLength = 4;

    private readonly List<byte> bytes = [];

    public NetlinkMessage(ushort type, ushort flags, ReadOnlySpan<byte> header)
    {
        Add(0u);
        Add(type);
        Add(flags);
        Add(0u);
        Add(0u);
        bytes.AddRange(header);
        Align();
    }

    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Add((ushort)(AttributeHeaderLength + value.Length));
        Add(type);
        bytes.AddRange(value);
        Align();
        return this;
    }

    public NetlinkMessage Attribute(ushort type, uint value) => Attribute(type, BitConverter.GetBytes(value));

    public NetlinkMessage Attribute(ushort type, string value) =>
        Attribute(type, [.. Encoding.UTF8.GetBytes(value), 0]);

    /// <summary>The message with its length and a number that the answer repeats.</summary>
    public byte[] ToArray(uint sequence)
    {
        byte[] result = [.. bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(result, (uint)result.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(8), sequence);
        return result;
    }

    /// <summary>The value of the first attribute of this type, or empty.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        const ushort TypeMask = 0x3FFF;

        while (attributes.Length >= AttributeHeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderLength || length > attributes.Length) break;
            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & TypeMask) == type)
                return attributes[AttributeHeaderLength..length];
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return [];
    }

    private void Add(uint value) => bytes.AddRange(BitConverter.GetBytes(value));

    private void Add(ushort value) => bytes.AddRange(BitConverter.GetBytes(value));

    private void Align()
    {
        while (bytes.Count % 4 != 0) bytes.Add(0);
    }
}
