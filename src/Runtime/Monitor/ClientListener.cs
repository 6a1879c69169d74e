using Container.Native.Monitor;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>The monitor's socket: takes clients.</summary>
internal sealed class ClientListener : PollSource
{
    private const int Backlog = 64;
    private const int RetryMilliseconds = 200;

    private readonly PacketSocket socket;
    private readonly string path;
    private readonly Action<PacketSocket> connected;
    private long retryAt = long.MaxValue;
    private bool isUnlinked;

    public ClientListener(string directory, Action<PacketSocket> connected)
    {
        path = $"{directory}/{MonitorConnection.SocketName}";
        this.connected = connected;
        socket = PacketSocket.Listen(directory, MonitorConnection.SocketName, Backlog);
        StreamDescriptor.SetNonBlocking(socket.Descriptor);
    }

    public override int Descriptor => retryAt != long.MaxValue ? -1 : socket.Descriptor.Number;

    public override long DueAt => retryAt;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events) => TryAccept();

    /// <summary>There are descriptors again.</summary>
    public void Resume() => retryAt = long.MaxValue;

    /// <summary>Nobody finds the socket any more; who has connected waits.</summary>
    public void Unlink()
    {
        if (isUnlinked) return;
        isUnlinked = true;
        _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, path, 0);
    }

    /// <summary>Takes the clients that have connected, and no more.</summary>
    public void Finish()
    {
        Unlink();
        while (TryAccept())
        {
        }

        Dispose();
    }

    protected override void Close()
    {
        Unlink();
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
            // Out of descriptors: the client waits in the queue. What ends their lack we may not see, as where it is
            // the host's, so that is tried again and again.
            retryAt = failure.LacksDescriptors ? Polling.Now() + RetryMilliseconds : long.MaxValue;
            return false;
        }

        retryAt = long.MaxValue;
        try
        {
            StreamDescriptor.SetNonBlocking(client.Descriptor);
            connected(client);
        }
        catch (SystemCallException)
        {
            // It costs this client its connection, not the others the socket.
            client.Dispose();
        }

        return true;
    }
}
