using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Sockets;

/// <summary>
/// A unix socket of datagrams (SOCK_DGRAM). Neither end of it ever waits: EAGAIN says that there is no room, or nothing.
/// </summary>
internal sealed unsafe class DatagramSocket : IDisposable
{
    private DatagramSocket(FileDescriptor socket) => Descriptor = socket;

    /// <summary>The socket's descriptor, for poll(2).</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>
    /// Connects to the socket at <paramref name="path"/>; one that begins with @ is an abstract name (unix(7)). Being
    /// connected, it can be polled for room.
    /// </summary>
    public static DatagramSocket Connect(string path)
    {
        sockaddr_un address = new() { sun_family = SocketCalls.AF_UNIX };
        Span<byte> target = new(address.sun_path, UnixAddress.MaximumLength);
        if (!Encoding.UTF8.TryGetBytes(path, target, out int length))
            throw new SystemCallException("connect", path, Errno.ENAMETOOLONG);
        int size = sizeof(sockaddr_un);
        if (path is ['@', ..])
        {
            // The length of an abstract name is that of the address: no zero ends it.
            target[0] = 0;
            size = sizeof(ushort) + length;
        }

        FileDescriptor socket = Create();
        int result = SocketCalls.connect(socket.Number, &address, (uint)size);
        return Finish(socket, result, "connect", path);
    }

    /// <summary>Makes the socket called <paramref name="name"/> in <paramref name="directory"/>.</summary>
    public static DatagramSocket Bind(string directory, string name)
    {
        using FileDescriptor parent = FileCalls.Open(directory, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        sockaddr_un address = UnixAddress.In(parent, name);
        FileDescriptor socket = Create();
        int result = SocketCalls.bind(socket.Number, &address, (uint)sizeof(sockaddr_un));
        return Finish(socket, result, "bind", $"{directory}/{name}");
    }

    /// <summary>Sends one datagram, and a copy of <paramref name="descriptor"/> with it.</summary>
    public Errno Send(ReadOnlySpan<byte> data, FileDescriptor? descriptor = null)
    {
        MessageHeader message;
        MessageVector vector;
        nuint* control = stackalloc nuint[(sizeof(ControlHeader) / sizeof(nuint)) + 1];
        nint result;
        fixed (byte* start = data)
        {
            vector.Base = start;
            vector.Length = (nuint)data.Length;
            MessageHeader.Initialize(&message, &vector);
            if (descriptor is not null)
            {
                ControlHeader* header = (ControlHeader*)control;
                header->Length = (nuint)(sizeof(ControlHeader) + sizeof(int));
                header->Level = MessageHeader.SOL_SOCKET;
                header->Type = MessageHeader.SCM_RIGHTS;
                *(int*)(header + 1) = descriptor.Number;
                message.Control = (byte*)control;
                message.ControlLength = (nuint)(sizeof(ControlHeader) + sizeof(nuint));
            }

            do
            {
                result = SocketCalls.sendmsg(Descriptor.Number, &message, SocketCalls.MSG_NOSIGNAL | SocketCalls.MSG_DONTWAIT);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        return result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }

    /// <summary>
    /// Takes one datagram, as much as fits, and none of the descriptors that came with it; its length, or -1 where
    /// there is none.
    /// </summary>
    public int Receive(Span<byte> data)
    {
        MessageHeader message;
        MessageVector vector;
        nint result;
        fixed (byte* start = data)
        {
            vector.Base = start;
            vector.Length = (nuint)data.Length;
            do
            {
                MessageHeader.Initialize(&message, &vector);
                result = SocketCalls.recvmsg(Descriptor.Number, &message, SocketCalls.MSG_DONTWAIT);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        if (result >= 0) return (int)result;
        return Marshal.GetLastPInvokeError() == (int)Errno.EAGAIN ? -1 : throw SystemCallException.Last("recvmsg", null);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static FileDescriptor Create() => new(SystemCallException.Check(
        SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0), "socket"));

    private static DatagramSocket Finish(FileDescriptor socket, int result, string operation, string path)
    {
        if (result == 0) return new DatagramSocket(socket);
        SystemCallException failure = SystemCallException.Last(operation, path);
        socket.Dispose();
        throw failure;
    }
}
