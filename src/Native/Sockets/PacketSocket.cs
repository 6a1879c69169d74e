using System.Runtime.InteropServices;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Sockets;

/// <summary>
/// A unix socket of whole packets (SOCK_SEQPACKET) that carries file descriptors with them (SCM_RIGHTS): what a monitor
/// and its clients talk over. Every call blocks; <see cref="Shutdown"/> from another thread ends it.
/// </summary>
public sealed unsafe class PacketSocket : IDisposable
{
    /// <summary>The largest packet.</summary>
    public const int MaximumLength = 64 * 1024;

    /// <summary>Most descriptors in one packet.</summary>
    public const int MaximumDescriptors = 8;

    private readonly FileDescriptor socket;

    private PacketSocket(FileDescriptor socket) => this.socket = socket;

    /// <summary>The socket's descriptor, for poll(2).</summary>
    public FileDescriptor Descriptor => socket;

    /// <summary>Two sockets that are connected to each other: socketpair(2).</summary>
    public static (PacketSocket First, PacketSocket Second) CreatePair()
    {
        int* ends = stackalloc int[2];
        SystemCallException.Check(
            SocketCalls.socketpair(SocketCalls.AF_UNIX, SocketCalls.SOCK_SEQPACKET | SocketCalls.SOCK_CLOEXEC, 0, ends), "socketpair");
        return (new PacketSocket(new FileDescriptor(ends[0])), new PacketSocket(new FileDescriptor(ends[1])));
    }

    /// <summary>Connects to the socket called <paramref name="name"/> in <paramref name="directory"/>.</summary>
    public static PacketSocket Connect(string directory, string name)
    {
        using FileDescriptor parent = OpenDirectory(directory);
        FileDescriptor socket = Create();
        sockaddr_un address = UnixAddress.In(parent, name);
        int result;
        do
        {
            result = SocketCalls.connect(socket.Number, &address, (uint)sizeof(sockaddr_un));
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return Finish(socket, result, "connect", $"{directory}/{name}");
    }

    /// <summary>
    /// Makes the socket called <paramref name="name"/> in <paramref name="directory"/> and listens on it.
    /// </summary>
    public static PacketSocket Listen(string directory, string name, int backlog)
    {
        using FileDescriptor parent = OpenDirectory(directory);
        FileDescriptor socket = Create();
        sockaddr_un address = UnixAddress.In(parent, name);
        int result = SocketCalls.bind(socket.Number, &address, (uint)sizeof(sockaddr_un));
        if (result == 0) result = SocketCalls.listen(socket.Number, backlog);
        return Finish(socket, result, "bind", $"{directory}/{name}");
    }

    /// <summary>Takes the next client of a listening socket.</summary>
    public PacketSocket Accept()
    {
        int client;
        do
        {
            client = SocketCalls.accept4(socket.Number, null, null, SocketCalls.SOCK_CLOEXEC);
        }
        while (client < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return new PacketSocket(new FileDescriptor(SystemCallException.Check(client, "accept")));
    }

    /// <summary>Sends one packet and, with it, copies of the descriptors.</summary>
    public void Send(ReadOnlySpan<byte> packet, params ReadOnlySpan<int> descriptors)
    {
        if (packet.Length > MaximumLength || descriptors.Length > MaximumDescriptors)
            throw new SystemCallException("sendmsg", null, Errno.EMSGSIZE);

        MessageHeader message;
        MessageVector vector;
        nuint* control = stackalloc nuint[ControlSize / sizeof(nuint)];
        nint result;
        fixed (byte* data = packet)
        {
            vector.Base = data;
            vector.Length = (nuint)packet.Length;
            MessageHeader.Initialize(&message, &vector);
            if (!descriptors.IsEmpty)
            {
                ControlHeader* header = (ControlHeader*)control;
                header->Length = (nuint)(sizeof(ControlHeader) + (descriptors.Length * sizeof(int)));
                header->Level = MessageHeader.SOL_SOCKET;
                header->Type = MessageHeader.SCM_RIGHTS;
                descriptors.CopyTo(new Span<int>(header + 1, descriptors.Length));
                message.Control = (byte*)control;
                message.ControlLength = Align(header->Length);
            }

            do
            {
                result = SocketCalls.sendmsg(socket.Number, &message, SocketCalls.MSG_NOSIGNAL);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        SystemCallException.Check(result, "sendmsg");
    }

    /// <summary>Receives one packet; 0 when the other side has gone.</summary>
    /// <param name="packet">Takes the packet; a larger one is an error.</param>
    /// <param name="descriptors">Takes the descriptors that came with it, which the caller owns.</param>
    public int Receive(Span<byte> packet, List<FileDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        MessageHeader message;
        MessageVector vector;
        nuint* control = stackalloc nuint[ControlSize / sizeof(nuint)];
        nint result;
        fixed (byte* data = packet)
        {
            vector.Base = data;
            vector.Length = (nuint)packet.Length;
            do
            {
                // ECONNRESET, told once: the other side has gone and had not read all of ours. What it said last is still there.
                MessageHeader.Initialize(&message, &vector);
                message.Control = (byte*)control;
                message.ControlLength = (nuint)ControlSize;
                result = SocketCalls.recvmsg(socket.Number, &message, SocketCalls.MSG_CMSG_CLOEXEC);
            }
            while (result < 0 && (Errno)Marshal.GetLastPInvokeError() is Errno.EINTR or Errno.ECONNRESET);
        }

        SystemCallException.Check(result, "recvmsg");
        Take(message, descriptors);

        // Of descriptors that do not all get a number here the kernel gives the first ones (unix(7)).
        bool isShort = (message.Flags & SocketCalls.MSG_CTRUNC) != 0 && descriptors.Count < MaximumDescriptors;
        if (isShort) throw new SystemCallException("recvmsg", null, Errno.EMFILE);
        if ((message.Flags & (SocketCalls.MSG_TRUNC | SocketCalls.MSG_CTRUNC)) != 0)
            throw new SystemCallException("recvmsg", null, Errno.EMSGSIZE);
        return (int)result;
    }

    /// <summary>Waits until there is something to receive or the other side has gone, at most so long.</summary>
    public bool Poll(int milliseconds) => Polling.Wait(socket.Number, Polling.POLLIN, -1, milliseconds) != 0;

    /// <summary>Ends the conversation; a call that blocks on it in another thread returns.</summary>
    public void Shutdown()
    {
        if (!socket.IsClosed) _ = SocketCalls.shutdown(socket.Number, SocketCalls.SHUT_RDWR);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static int ControlSize => (int)Align((nuint)(sizeof(ControlHeader) + (MaximumDescriptors * sizeof(int))));

    private static nuint Align(nuint length) => (length + (nuint)sizeof(nuint) - 1) & ~((nuint)sizeof(nuint) - 1);

    private static void Take(in MessageHeader message, List<FileDescriptor> descriptors)
    {
        if (message.ControlLength < (nuint)sizeof(ControlHeader)) return;
        ControlHeader* header = (ControlHeader*)message.Control;
        if (header->Level != MessageHeader.SOL_SOCKET || header->Type != MessageHeader.SCM_RIGHTS) return;
        int* numbers = (int*)(header + 1);
        int count = (int)((header->Length - (nuint)sizeof(ControlHeader)) / sizeof(int));
        for (int index = 0; index < count; index++)
        {
            descriptors.Add(new FileDescriptor(numbers[index]));
        }
    }

    private static FileDescriptor OpenDirectory(string path) => FileCalls.Open(path, FileCalls.O_PATH | FileCalls.O_DIRECTORY);

    private static FileDescriptor Create() => new(SystemCallException.Check(
        SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_SEQPACKET | SocketCalls.SOCK_CLOEXEC, 0), "socket"));

    private static PacketSocket Finish(FileDescriptor socket, int result, string operation, string path)
    {
        if (result == 0) return new PacketSocket(socket);
        SystemCallException failure = SystemCallException.Last(operation, path);
        socket.Dispose();
        throw failure;
    }
}
