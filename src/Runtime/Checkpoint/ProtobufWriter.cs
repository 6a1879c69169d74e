using System.Text;

namespace Container.Runtime.Checkpoint;

/// <summary>Writes a message of Protocol Buffers (protobuf.dev, "Encoding").</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Length = 2;
    private readonly List<byte> bytes = [];

    public byte[] ToArray() => [.. bytes];

    public void Number(int field, ulong value)
    {
        Write(Tag(field, Varint));
        Write(value);
    }

    public void Flag(int field) => Number(field, 1);

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, ProtobufWriter message) => Bytes(field, message.ToArray());

    private static ulong Tag(int field, int type) => ((ulong)field << 3) | (uint)type;

    private void Bytes(int field, byte[] value)
    {
        Write(Tag(field, Length));
        Write((ulong)value.Length);
        bytes.AddRange(value);
    }

    private void Write(ulong value)
    {
        for (; value > 0x7F; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
