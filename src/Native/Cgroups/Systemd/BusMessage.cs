using System.Buffers.Binary;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Systemd;

/// <summary>One message of D-Bus (D-Bus Specification, "Message Format").</summary>
internal sealed record BusMessage
{
    public const byte Call = 1;
    public const byte Return = 2;
    public const byte Error = 3;
    public const byte Signal = 4;

    /// <summary>The part of the header with the lengths of the rest.</summary>
    public const int PrefixLength = 16;

    private const int LongestMessage = 1 << 20;

    public byte Type { get; init; }

    public uint Serial { get; init; }

    public uint ReplyTo { get; init; }

    public string? Path { get; init; }

    public string? Interface { get; init; }

    public string? Member { get; init; }

    public string? ErrorName { get; init; }

    public string? Destination { get; init; }

    public string Signature { get; init; } = "";

    public byte[] Body { get; init; } = [];

    public byte[] ToArray()
    {
        BusWriter writer = new();
        foreach (byte value in (ReadOnlySpan<byte>)[(byte)'l', Type, 0, 1]) writer.Byte(value);
        writer.UInt32((uint)Body.Length);
        writer.UInt32(Serial);
        writer.Array(8, () =>
        {
            Field(writer, 1, "o", Path);
            Field(writer, 2, "s", Interface);
            Field(writer, 3, "s", Member);
            Field(writer, 4, "s", ErrorName);
            if (ReplyTo != 0)
            {
                Begin(writer, 5, "u");
                writer.UInt32(ReplyTo);
            }

            Field(writer, 6, "s", Destination);
            if (Signature.Length == 0) return;
            Begin(writer, 8, "g");
            writer.Signature(Signature);
        });
        writer.Align(8);
        return [.. writer.ToArray(), .. Body];
    }

    /// <summary>How long the message is that begins like this.</summary>
    public static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        // Both ends are on this machine, and we run on none that is big-endian.
        if (prefix[0] != (byte)'l') throw new SystemCallException("read", "D-Bus", Errno.EPROTO);
        uint body = BinaryPrimitives.ReadUInt32LittleEndian(prefix[4..]);
        uint fields = BinaryPrimitives.ReadUInt32LittleEndian(prefix[12..]);
        if (body > LongestMessage || fields > LongestMessage) throw new SystemCallException("read", "D-Bus", Errno.EMSGSIZE);
        return PrefixLength + (((int)fields + 7) / 8 * 8) + (int)body;
    }

    public static BusMessage Parse(byte[] bytes)
    {
        int body = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        int fields = PrefixLength + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12));
        BusMessage message = new()
        {
            Type = bytes[1],
            Serial = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)),
            Body = bytes[^body..],
        };
        BusReader reader = new(bytes.AsSpan(0, fields));
        for (int i = 0; i < PrefixLength; i++) reader.Byte();
        while (!reader.IsAtEnd)
        {
            reader.Align(8);
            byte code = reader.Byte();
            string type = reader.Signature();
            string? text = null;
            uint number = 0;
            if (type is "s" or "o") text = reader.Text();
            else if (type == "g") text = reader.Signature();
            else number = reader.UInt32();
            message = code switch
            {
                1 => message with { Path = text },
                2 => message with { Interface = text },
                3 => message with { Member = text },
                4 => message with { ErrorName = text },
                5 => message with { ReplyTo = number },
                6 => message with { Destination = text },
                8 => message with { Signature = text ?? "" },
                _ => message,
            };
        }

        return message;
    }

    private static void Field(BusWriter writer, byte code, string type, string? value)
    {
        if (value is null) return;
        Begin(writer, code, type);
        writer.Text(value);
    }

    private static void Begin(BusWriter writer, byte code, string type)
    {
        writer.Align(8);
        writer.Byte(code);
        writer.Signature(type);
    }
}
