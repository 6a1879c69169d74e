using System.Buffers.Binary;
using Container.Native.Syscalls;

namespace Container.Native.Network;

/// <summary>
/// Links and addresses of the network namespace in which it is opened: rtnetlink(7). It stays with that namespace
/// wherever its thread goes.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    public const ushort NLM_F_REQUEST = 1;
    public const ushort NLM_F_ACK = 4;
    public const ushort NLM_F_DUMP = 0x300;
    public const ushort NLM_F_EXCL = 0x200;
    public const ushort NLM_F_CREATE = 0x400;

    private const ushort NLMSG_ERROR = 2;
    private const ushort NLMSG_DONE = 3;
    private const int BufferSize = 64 * 1024;

    private readonly FileDescriptor socket;
    private uint sequence;

    public NetlinkSocket() => socket = new FileDescriptor(SystemCallException.Check(
        SocketCalls.socket(SocketCalls.AF_NETLINK, SocketCalls.SOCK_RAW | SocketCalls.SOCK_CLOEXEC, 0), "socket", "netlink"));

    /// <summary>Sends a request and returns what the kernel answers: header and attributes of each message.</summary>
    /// <exception cref="SystemCallException">The kernel refuses it.</exception>
    public List<byte[]> Request(NetlinkMessage message, string operation, string subject)
    {
        FileCalls.WriteAll(socket.Number, message.ToArray(++sequence), "netlink");
        List<byte[]> answers = [];
        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            long length;
            fixed (byte* start = buffer)
            {
                length = SystemCallException.Check(
                    FileCalls.read(socket.Number, start, (nuint)buffer.Length), "read", "netlink");
            }

            if (Take(buffer.AsSpan(0, (int)length), answers, operation, subject)) return answers;
        }
    }

    public void Dispose() => socket.Dispose();

    private bool Take(ReadOnlySpan<byte> packet, List<byte[]> answers, string operation, string subject)
    {
        while (packet.Length >= NetlinkMessage.HeaderLength)
        {
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(packet);
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(packet[4..]);
            bool isOurs = BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]) == sequence;
            if (length < NetlinkMessage.HeaderLength || length > packet.Length) break;
            ReadOnlySpan<byte> content = packet[NetlinkMessage.HeaderLength..length];
            packet = packet[Math.Min((length + 3) & ~3, packet.Length)..];
            if (!isOurs) continue;
            if (type == NLMSG_DONE) return true;
            if (type == NLMSG_ERROR)
            {
                int error = BinaryPrimitives.ReadInt32LittleEndian(content);
                return error == 0 ? true : throw new SystemCallException(operation, subject, (Errno)(-error));
            }

            answers.Add(content.ToArray());
        }

        return false;
    }
}
