using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>The monitor's socket: takes clients.</summary>
internal sealed class ClientListener : PollSource
{
    private const int Backlog = 64;

    private readonly PacketSocket socket;
    private readonly string path;
    private readonly Action<PacketSocket> connected;
    private bool isSuspended;

    public ClientListener(string directory, Action<PacketSocket> connected)
    {
        path = $"{directory}/{MonitorConnection.SocketName}";
        this.connected = connected;
        socket = PacketSocket.Listen(directory, MonitorConnection.SocketName, Backlog);
        StreamDescriptor.SetNonBlocking(socket.Descriptor);
    }

    public override int Descriptor => isSuspended ? -1 : socket.Descriptor.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events) => TryAccept();

    /// <summary>There are descriptors again.</summary>
    public void Resume() => isSuspended = false;

    /// <summary>Takes the clients that have connected, and no more.</summary>
    public void Finish()
    {
        while (TryAccept())
        {
        }

        Dispose();
    }

    protected override void Close()
    {
        _ = Files.unlinkat(Files.AT_FDCWD, path, 0);
        socket.Dispose();
    }

    private bool TryAccept()
    {
        PacketSocket client;
        try
        {
            client = socket.Accept();
        }
        catch (SystemCallException failure)
        {
            // Out of descriptors: the client waits in the queue until another one goes.
            isSuspended = failure.Errno is Errno.EMFILE or Errno.ENFILE;
            return false;
        }

        StreamDescriptor.SetNonBlocking(client.Descriptor);
        connected(client);
        return true;
    }
}
