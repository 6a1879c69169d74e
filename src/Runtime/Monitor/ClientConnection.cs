using Container.Native.Monitor;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// One client of the monitor: its requests, one at a time, and the answers. Sending never waits; a client that does
/// not read its answers is dropped.
/// </summary>
internal sealed class ClientConnection(PacketSocket socket, MonitoredContainer container, TransferBuffer buffer)
    : PollSource, IExecClient
{
    private readonly List<OutputSink> sinks = [];
    private ExecSession? session;
    private bool wantsExit;
    private bool ownsContainer;

    public override int Descriptor => socket.Descriptor.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        List<FileDescriptor> descriptors = [];
        try
        {
            int length = Receive(descriptors);
            if (length == 0)
            {
                Dispose();
                return;
            }

            Serve(MonitorDocument.ReadMessage(buffer.Input[..length]), descriptors);
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            Send(MonitorFailure.Describe(failure));
        }
        finally
        {
            foreach (FileDescriptor descriptor in descriptors)
            {
                descriptor.Dispose();
            }
        }
    }

    /// <summary>Sends a message with copies of the descriptors.</summary>
    public void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors)
    {
        if (IsClosed) return;
        try
        {
            socket.Send(MonitorDocument.Write(message), descriptors);
        }
        catch (SystemCallException)
        {
            Dispose();
        }
    }

    /// <summary>Tells the client the container's end, once it has received all output. False while it has not.</summary>
    public bool Settle(MonitorMessage exited)
    {
        if (IsClosed || !wantsExit) return true;
        foreach (OutputSink sink in sinks)
        {
            if (!sink.IsClosed) return false;
        }

        wantsExit = false;
        Send(exited);
        return true;
    }

    protected override void Close()
    {
        socket.Dispose();
        session?.LoseClient();
        if (ownsContainer) container.LoseOwner();
    }

    private int Receive(List<FileDescriptor> descriptors)
    {
        try
        {
            return socket.Receive(buffer.Input, descriptors);
        }
        catch (SystemCallException failure) when (failure.Errno is not (Errno.EMSGSIZE or Errno.EMFILE))
        {
            return 0;
        }
    }

    private void Serve(MonitorMessage request, List<FileDescriptor> descriptors)
    {
        switch (request.Type)
        {
            case MonitorMessageType.Start:
                wantsExit = descriptors.Count > 0 || container.HasTerminal;
                container.Start(this, request, Take(descriptors), sinks);
                ownsContainer = request.Detach == false;
                break;
            case MonitorMessageType.Exec:
                if (session is { IsClosed: false })
                    throw new MonitorException("InvalidConfiguration", "this connection has a process already");
                session = container.Execute(this, request, Take(descriptors));
                break;
            case MonitorMessageType.Attach:
                Attach(request, Take(descriptors));
                break;
            case MonitorMessageType.Detach:
                ownsContainer = request.Detach == false;
                break;
            case MonitorMessageType.Wait when request.Pid is { } pid:
                container.WaitForProcess(pid, this);
                break;
            case MonitorMessageType.Wait:
                container.RequireStarted();
                wantsExit = true;
                break;
            case MonitorMessageType.Check:
                container.Check(this);
                break;
            case MonitorMessageType.Socket:
                using (FileDescriptor opened = container.OpenSocket(request.Ipv6 == true))
                    Send(new MonitorMessage { Type = MonitorMessageType.Done }, opened.Number);
                break;
            default:
                container.Control(request);
                Send(new MonitorMessage { Type = MonitorMessageType.Done });
                break;
        }
    }

    private void Attach(MonitorMessage request, IReadOnlyList<FileDescriptor> streams)
    {
        using FileDescriptor? terminal = container.Attach(streams, request.Stdin != false, sinks);
        MonitorMessage answer = new() { Type = MonitorMessageType.Done };
        if (terminal is null) Send(answer);
        else Send(answer, terminal.Number);
    }

    private static FileDescriptor[] Take(List<FileDescriptor> descriptors)
    {
        FileDescriptor[] taken = [.. descriptors];
        descriptors.Clear();
        return taken;
    }
}
