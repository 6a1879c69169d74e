using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Monitor;

/// <summary>A conversation with the monitor of one container: messages, with file descriptors beside them.</summary>
public sealed class MonitorConnection : IDisposable
{
    /// <summary>The name of the monitor's socket in its state directory.</summary>
    public const string SocketName = "monitor.sock";

    private readonly PacketSocket socket;
    private readonly byte[] buffer = new byte[PacketSocket.MaximumLength];

    private MonitorConnection(PacketSocket socket) => this.socket = socket;

    /// <summary>Connects to the monitor whose socket is in <paramref name="directory"/>.</summary>
    public static MonitorConnection Connect(string directory) => new(PacketSocket.Connect(directory, SocketName));

    /// <summary>Sends a message and copies of the descriptors.</summary>
    public void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors) =>
        socket.Send(MonitorDocument.Write(message), descriptors);

    /// <summary>Waits for a message; null when the monitor has gone or <see cref="Shutdown"/> was called.</summary>
    /// <param name="descriptors">Takes the descriptors that come with it, which the caller owns.</param>
    public MonitorMessage? Receive(List<FileDescriptor> descriptors)
    {
        int length = socket.Receive(buffer, descriptors);
        return length == 0 ? null : MonitorDocument.ReadMessage(buffer.AsSpan(0, length));
    }

    /// <summary>Waits for a message that carries no descriptors; any that come are closed.</summary>
    public MonitorMessage? Receive()
    {
        List<FileDescriptor> descriptors = [];
        MonitorMessage? message = Receive(descriptors);
        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }

        return message;
    }

    /// <summary>Waits until there is something to receive, at most so long; -1 is for ever.</summary>
    public bool Poll(int milliseconds) => socket.Poll(milliseconds);

    /// <summary>Ends the conversation; a call that waits in another thread returns.</summary>
    public void Shutdown() => socket.Shutdown();

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
