using System.Buffers.Binary;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// A request to a file agent, or its answer, as bytes: a number, four numbers, two ids, a path and more bytes. Both ends are the
/// same build of the same module on the same machine.
/// </summary>
internal sealed class FilePacket
{
    private const int IdsOffset = 4 + (4 * 8);
    private const int HeaderLength = IdsOffset + 8 + 4;

    private readonly byte[] buffer = new byte[PacketSocket.MaximumLength];
    private int length;
    private int pathLength;

    /// <summary>The request, or the errno of the answer.</summary>
    public int Code { get; private set; }

    /// <summary>The numbers that come with it.</summary>
    public long[] Numbers { get; } = new long[4];

    /// <summary>Whose files a request makes; 0 is the agent's own.</summary>
    public (uint Uid, uint Gid) Ids
    {
        get => (
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(IdsOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(IdsOffset + 4)));
        set
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(IdsOffset), value.Uid);
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(IdsOffset + 4), value.Gid);
        }
    }

    /// <summary>The path, or the operation that failed.</summary>
    public string Path => PathText.Decode(buffer.AsSpan(HeaderLength, pathLength));

    /// <summary>What else there is.</summary>
    public ReadOnlySpan<byte> Data => buffer.AsSpan(HeaderLength + pathLength, length - HeaderLength - pathLength);

    /// <summary><see cref="Data"/> as a name.</summary>
    public string Text => PathText.Decode(Data);

    /// <summary>Where a received packet goes.</summary>
    public Span<byte> Buffer => buffer;

    /// <summary>The packet to send.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Begins a packet.</summary>
    public void Begin(int code, string path, params ReadOnlySpan<long> numbers)
    {
        if (PathText.MaximumLength(path) > buffer.Length / 2)
            throw new SystemCallException("open", path, Errno.ENAMETOOLONG);
        Code = code;
        Numbers.AsSpan().Clear();
        numbers.CopyTo(Numbers);
        pathLength = PathText.Encode(path, buffer.AsSpan(HeaderLength));
        length = HeaderLength + pathLength;
        BinaryPrimitives.WriteInt32LittleEndian(buffer, code);
        for (int i = 0; i < Numbers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(4 + (8 * i)), Numbers[i]);
        Ids = default;
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(HeaderLength - 4), pathLength);
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (data.Length > buffer.Length - length) throw new SystemCallException("sendmsg", Path, Errno.E2BIG);
        data.CopyTo(buffer.AsSpan(length));
        length += data.Length;
    }

    /// <summary>Adds a name.</summary>
    public void Add(string name)
    {
        byte[] bytes = new byte[PathText.MaximumLength(name)];
        Add(bytes.AsSpan(0, PathText.Encode(name, bytes)));
    }

    /// <summary>Reads what was received into <see cref="Buffer"/>.</summary>
    public void Parse(int received)
    {
        length = received;
        if (received < HeaderLength) throw new SystemCallException("recvmsg", null, Errno.EMSGSIZE);
        Code = BinaryPrimitives.ReadInt32LittleEndian(buffer);
        for (int i = 0; i < Numbers.Length; i++)
            Numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(4 + (8 * i)));
        pathLength = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(HeaderLength - 4));
        if (pathLength < 0 || pathLength > received - HeaderLength)
            throw new SystemCallException("recvmsg", null, Errno.EMSGSIZE);
    }
}
