using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>What the container writes to one of its streams: goes to the log and to the clients.</summary>
internal sealed class ContainerOutput(
    FileDescriptor source, IOutputLog? log, bool isError, TransferBuffer buffer, bool keepsClients = false) : PollSource
{
    // More than any pipe of an unprivileged process holds; something outside may go on writing for ever.
    private const int DrainLimit = 4 * 1024 * 1024;

    private readonly List<OutputSink> sinks = [];

    public override int Descriptor => IsBlocked || source.IsClosed ? -1 : source.Number;

    public override short Events => Polling.POLLIN;

    private bool IsBlocked
    {
        get
        {
            if (log is { IsBlocked: true }) return true;
            foreach (OutputSink sink in sinks)
            {
                if (sink.IsBlocking) return true;
            }

            return false;
        }
    }

    /// <summary>Sends everything from now on to <paramref name="sink"/> too.</summary>
    public void Add(OutputSink sink)
    {
        if (IsClosed) sink.Finish();
        else sinks.Add(sink);
    }

    public override void Ready(short events)
    {
        // The other stream may have filled the log in this very turn.
        if (IsBlocked || Pump() != 0) return;

        // The next start of the container has a stream of its own, and the same clients.
        if (keepsClients) source.Dispose();
        else Dispose();
    }

    /// <summary>Takes what is left after the container's end; sinks keep it for clients that are slow.</summary>
    public void Drain()
    {
        Exhaust();
        Dispose();
    }

    /// <summary>The same, for a container that is started again: its clients stay.</summary>
    public List<OutputSink> Release()
    {
        Exhaust();
        List<OutputSink> kept = [.. sinks];
        if (!IsClosed) sinks.Clear();
        Dispose();
        return kept;
    }

    protected override void Close()
    {
        source.Dispose();
        foreach (OutputSink sink in sinks)
        {
            sink.Finish();
        }

        sinks.Clear();
    }

    private void Exhaust()
    {
        int count;
        for (int total = 0; !source.IsClosed && total < DrainLimit && (count = Pump()) > 0; total += count)
        {
        }
    }

    private int Pump()
    {
        int count = StreamDescriptor.Read(source, buffer.Input);
        if (count <= 0) return count;
        ReadOnlySpan<byte> data = buffer.Input[..count];
        log?.Append(isError, data);
        for (int i = sinks.Count - 1; i >= 0; i--)
        {
            if (sinks[i].IsClosed) sinks.RemoveAt(i);
            else sinks[i].Write(data);
        }

        return count;
    }
}
