using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Monitor;

/// <summary>A conversation with a monitor that can be cancelled.</summary>
internal sealed class MonitorClient : IDisposable
{
    // How long a cancellation may go unnoticed.
    private const int Slice = 50;

    private readonly MonitorConnection connection;

    private MonitorClient(MonitorConnection connection) => this.connection = connection;

    public MonitorConnection Connection => connection;

    /// <summary>Connects; null when there is no monitor.</summary>
    public static MonitorClient? TryConnect(string directory)
    {
        try
        {
            return new MonitorClient(MonitorConnection.Connect(directory));
        }
        catch (SystemCallException failure)
            when (failure.Errno is Errno.ENOENT or Errno.ECONNREFUSED or Errno.ECONNRESET)
        {
            return null;
        }
    }

    public void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors) =>
        connection.Send(message, descriptors);

    /// <summary>The next message; null when the monitor has gone.</summary>
    public MonitorMessage? Receive(List<FileDescriptor>? descriptors, CancellationToken cancellation)
    {
        while (!connection.Poll(cancellation.CanBeCanceled ? Slice : -1))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return descriptors is null ? connection.Receive() : connection.Receive(descriptors);
    }

    /// <summary>
    /// The next message, or null where none comes before <paramref name="deadline"/> or the monitor has gone.
    /// </summary>
    public MonitorMessage? Receive(long deadline, CancellationToken cancellation, out bool late)
    {
        late = false;
        while (true)
        {
            long left = deadline - Environment.TickCount64;
            if (connection.Poll((int)Math.Clamp(left, 0, Slice))) return connection.Receive();
            cancellation.ThrowIfCancellationRequested();
            late = left <= 0;
            if (late) return null;
        }
    }

    /// <summary>Sends a request and waits until it is done; an error comes as an exception.</summary>
    public void Request(MonitorMessage message, object target, CancellationToken cancellation)
    {
        Send(message);
        MonitorMessage answer = Receive(null, cancellation) ?? throw MonitorFailure.Gone(target);
        if (answer.Type == MonitorMessageType.Error) throw MonitorFailure.Describe(answer, target);
    }

    public void Dispose() => connection.Dispose();
}
