using System.Runtime.InteropServices;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Starts a container that waits on its socket (<see cref="OperationKind.AwaitStart"/>): the connection is the
/// channel from there on, and ends when the container's program has taken over.
/// </summary>
internal sealed class StartConnection : IDisposable
{
    private readonly PacketSocket channel;

    private StartConnection(PacketSocket channel) => this.channel = channel;

    /// <summary>Connects to the socket <paramref name="name"/> in <paramref name="directory"/>, and so starts.</summary>
    public static StartConnection Connect(string directory, string name) => new(PacketSocket.Connect(directory, name));

    /// <summary>Blocks until the container's program runs.</summary>
    /// <param name="step">The plan's operation of an index, in words.</param>
    /// <param name="hooks">Runs the startContainer hooks.</param>
    /// <param name="listener">Takes the descriptor of a filter that asks a supervisor; it gets the container's process,
    /// and this connection to <see cref="ListenerTransfer"/>.</param>
    public void WaitUntilExecuted(Func<int, LaunchStep> step, Action hooks, Action<PacketSocket, int> listener)
    {
        List<FileDescriptor> received = [];
        while (true)
        {
            LaunchReport report = default;
            if (channel.Receive(MemoryMarshal.AsBytes(new Span<LaunchReport>(ref report)), received) == 0) return;
            if (report.Code == LaunchReport.Failed)
                throw new LaunchException(step(report.Index), (Errno)report.Errno);
            if (report.Code == LaunchReport.StartHooks) hooks();
            else if (report.Code == LaunchReport.Listener) listener(channel, report.Errno);
            else continue;
            channel.Send([LaunchReport.Continue]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();
}
