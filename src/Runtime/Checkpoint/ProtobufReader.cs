using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>Reads a message of Protocol Buffers field by field; one that ends early is an error.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where that is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, where that is a text or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (rest.IsEmpty) return false;
        ulong tag = ReadVarint();
        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = ReadVarint();
                return true;
            case 1:
                Take(8);
                return true;
            case 2:
                Bytes = Take(ReadVarint());
                return true;
            case 5:
                Take(4);
                return true;
            default:
                throw Wrong();
        }
    }

    private static SystemCallException Wrong() => new("read", "criu", Errno.EPROTO);

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Wrong();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length) throw Wrong();
        ReadOnlySpan<byte> taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
