using System.Text;
using Container.Native.Syscalls;
using Tmds.Linux;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>A stream socket that psrun sends a descriptor to: a console's, a process', a filter's.</summary>
internal sealed unsafe class DescriptorListener : IDisposable
{
    private const int Patience = 60_000;
    private const int MostText = 64 * 1024;
    private readonly FileDescriptor socket;

    public DescriptorListener(string path)
    {
        Path = path;
        socket = new FileDescriptor(SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_CLOEXEC, 0));
        using FileDescriptor directory = FileCalls.Open(
            System.IO.Path.GetDirectoryName(path)!, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        sockaddr_un address = UnixAddress.In(directory, System.IO.Path.GetFileName(path));
        SystemCallException.Check(SocketCalls.bind(socket.Number, &address, (uint)sizeof(sockaddr_un)), "bind", path);
        SystemCallException.Check(SocketCalls.listen(socket.Number, 8), "listen", path);
    }

    public string Path { get; }

    /// <summary>The descriptor of the next connection, which must come with this text.</summary>
    public FileDescriptor Receive(string text)
    {
        FileDescriptor descriptor = Receive(out string received);
        Assert.Equal(text, received);
        return descriptor;
    }

    /// <summary>The descriptor of the next connection, and the text that came with it.</summary>
    public FileDescriptor Receive(out string text)
    {
        Assert.True(Polling.Wait(socket.Number, Polling.POLLIN, -1, Patience) != 0, "nobody has connected");
        using FileDescriptor client = new(SocketCalls.accept4(socket.Number, null, null, SocketCalls.SOCK_CLOEXEC));
        byte[] buffer = new byte[MostText];
        byte* control = stackalloc byte[64];
        fixed (byte* data = buffer)
        {
            MessageVector vector = new() { Base = data, Length = MostText };
            MessageHeader message;
            MessageHeader.Initialize(&message, &vector);
            message.Control = control;
            message.ControlLength = 64;
            nint length = SocketCalls.recvmsg(client.Number, &message, SocketCalls.MSG_CMSG_CLOEXEC);
            text = Encoding.UTF8.GetString(data, (int)length);
            Assert.True(message.ControlLength >= (nuint)sizeof(ControlHeader), "no descriptor came");
            return new FileDescriptor(*(int*)(control + sizeof(ControlHeader)));
        }
    }

    public void Dispose() => socket.Dispose();
}
