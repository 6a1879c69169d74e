using Container.Native.Json;
using Container.Native.Monitor;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Engine.Monitor;

/// <summary>
/// A process of a container that is connected to the caller: its standard streams, its end. Reading and writing block
/// and are meant for threads of the caller's; Dispose ends them. Disposing an exec kills its process, disposing an
/// attachment leaves the container as it is.
/// </summary>
public sealed class ExecSession : IDisposable
{
    private readonly MonitorClient client;
    private readonly object target;
    private readonly TaskCompletionSource<ContainerExit> ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int disposed;

    internal ExecSession(MonitorClient client, object target, int pid, SessionStreams streams)
    {
        this.client = client;
        this.target = target;
        Pid = pid;
        Stdin = streams.Stdin;
        Stdout = streams.Stdout;
        Stderr = streams.Stderr;
        Terminal = streams.Terminal;
    }

    /// <summary>The process as the host sees it; 0 for an attachment.</summary>
    public int Pid { get; }

    /// <summary>
    /// What is written here the process reads; closing it is its end of file. Null where not connected.
    /// </summary>
    public Stream? Stdin { get; }

    /// <summary>What the process writes to standard output, or to its terminal. Null where not connected.</summary>
    public Stream? Stdout { get; }

    /// <summary>What the process writes to standard error. Null where not connected, and with a terminal.</summary>
    public Stream? Stderr { get; }

    /// <summary>The master of the terminal of an exec; null otherwise.</summary>
    public FileDescriptor? Terminal { get; }

    /// <summary>Ends when the process has ended; what it wrote may still have to be read.</summary>
    public Task<ContainerExit> Completion => ended.Task;

    /// <summary>Waits until the process has ended.</summary>
    public Task<ContainerExit> WaitAsync(CancellationToken cancellation = default) =>
        ended.Task.WaitAsync(cancellation);

    /// <summary>Waits until the process has ended.</summary>
    public ContainerExit Wait(CancellationToken cancellation = default) =>
        ended.Task.WaitAsync(cancellation).GetAwaiter().GetResult();

    /// <summary>Has the container go on, although it was started to end with this session.</summary>
    public void LetGo()
    {
        try
        {
            client.Send(new MonitorMessage { Type = MonitorMessageType.Detach });
        }
        catch (SystemCallException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Ctrl+C and a time limit come on threads of their own.
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        (Stdin as PipeStream)?.Stop();
        (Stdout as PipeStream)?.Stop();
        (Stderr as PipeStream)?.Stop();
        client.Connection.Shutdown();
        Stdin?.Dispose();
        Stdout?.Dispose();
        Stderr?.Dispose();
        Terminal?.Dispose();
    }

    /// <summary>Begins to listen for the end.</summary>
    internal ExecSession Listen()
    {
        Thread thread = new(Watch, 128 * 1024) { IsBackground = true, Name = "container session" };
        thread.Start();
        return this;
    }

    // The only reader of the connection, and the one that closes it.
    private void Watch()
    {
        try
        {
            MonitorMessage? message;
            do
            {
                message = client.Receive(null, CancellationToken.None);
            }
            while (message is not null and not { Type: MonitorMessageType.Exited or MonitorMessageType.Error });

            End(message);
        }
        catch (Exception exception) when (exception is SystemCallException or DocumentException or ObjectDisposedException)
        {
            ended.TrySetException(MonitorFailure.Gone(target));
        }
        finally
        {
            client.Dispose();

            // All that the process wrote is there by now; others that hold the streams do not keep us.
            (Stdout as PipeStream)?.Drain();
            (Stderr as PipeStream)?.Drain();
        }
    }

    private void End(MonitorMessage? message)
    {
        if (message is null && disposed != 0) ended.TrySetCanceled();
        else if (message is null) ended.TrySetException(MonitorFailure.Gone(target));
        else if (message.Type == MonitorMessageType.Error) ended.TrySetException(MonitorFailure.Describe(message, target));
        else ended.TrySetResult(ContainerExit.Of(message));
    }
}
