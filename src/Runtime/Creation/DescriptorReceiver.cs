using System.Runtime.InteropServices;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Tmds.Linux;

namespace Container.Runtime.Creation;

/// <summary>
/// A stream socket of the caller that takes one descriptor: the console's master (--console-socket) or the process
/// (--pidfd-socket). It is connected to before anything is made, so that a wrong path costs nothing.
/// </summary>
internal sealed unsafe class DescriptorReceiver : IDisposable
{
    private readonly FileDescriptor socket;
    private readonly string path;

    private DescriptorReceiver(FileDescriptor socket, string path)
    {
        this.socket = socket;
        this.path = path;
    }

    /// <summary>Connects to the socket at <paramref name="path"/>; null where there is none.</summary>
    public static DescriptorReceiver? Connect(string? path)
    {
        if (string.IsNullOrEmpty(path)) return null;
        string absolute = HostPath.Absolute(path);
        int slash = absolute.LastIndexOf('/');
        using FileDescriptor directory = FileCalls.Open(
            slash == 0 ? "/" : absolute[..slash], FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        sockaddr_un address = UnixAddress.In(directory, absolute[(slash + 1)..]);
        FileDescriptor socket = new(SystemCallException.Check(
            SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_CLOEXEC, 0), "socket"));
        if (SocketCalls.connect(socket.Number, &address, (uint)sizeof(sockaddr_un)) == 0)
            return new DescriptorReceiver(socket, absolute);
        SystemCallException failure = SystemCallException.Last("connect", absolute);
        socket.Dispose();
        throw failure;
    }

    /// <summary>Sends the descriptor; the data beside it is its name, which receivers read and ignore.</summary>
    public void Send(FileDescriptor descriptor, ReadOnlySpan<byte> name)
    {
        MessageHeader message;
        MessageVector vector;
        ControlHeader* control = stackalloc ControlHeader[2];
        nint result;
        fixed (byte* data = name)
        {
            vector.Base = data;
            vector.Length = (nuint)name.Length;
            MessageHeader.Initialize(&message, &vector);
            control->Length = (nuint)(sizeof(ControlHeader) + sizeof(int));
            control->Level = MessageHeader.SOL_SOCKET;
            control->Type = MessageHeader.SCM_RIGHTS;
            *(int*)(control + 1) = descriptor.Number;
            message.Control = (byte*)control;
            message.ControlLength = (nuint)(sizeof(ControlHeader) + sizeof(long));
            do
            {
                result = SocketCalls.sendmsg(socket.Number, &message, SocketCalls.MSG_NOSIGNAL);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        SystemCallException.Check(result, "sendmsg", path);
    }

    public void Dispose() => socket.Dispose();
}
