using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>The container's standard input: a pipe, or the master of its terminal, which the output owns.</summary>
internal sealed class ContainerInput(FileDescriptor target, bool isTerminal) : PollSource
{
    private readonly List<InputSource> sources = [];
    private PendingBytes pending;
    private bool finishing;

    // A pipe tells by POLLERR that the container has closed its end. A terminal's master is polled for output already.
    public override int Descriptor => isTerminal && pending.Length == 0 ? -1 : target.Number;

    public override short Events => pending.Length > 0 ? Polling.POLLOUT : (short)0;

    /// <summary>Whether more can be written.</summary>
    public bool IsReady => !IsClosed && pending.Length == 0;

    /// <summary>Ends <paramref name="source"/> when the container closes its input: so its client learns of it.</summary>
    public void Add(InputSource source)
    {
        sources.RemoveAll(static known => known.IsClosed);
        if (IsClosed) source.Dispose();
        else sources.Add(source);
    }

    /// <summary>Writes <paramref name="data"/>, now or when the container reads.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        int written = StreamDescriptor.Write(target, data);
        if (written < 0) Dispose();
        else if (written < data.Length) pending.Add(data[written..]);
    }

    /// <summary>Gives the container its end of file when it has read everything. A terminal has none.</summary>
    public void Finish()
    {
        if (isTerminal) return;
        finishing = true;
        if (pending.Length == 0) Dispose();
    }

    public override void Ready(short events)
    {
        int written = (events & Polling.POLLOUT) == 0 ? -1 : StreamDescriptor.Write(target, pending.Span);
        if (written < 0)
        {
            Dispose();
            return;
        }

        pending.Remove(written);
        if (finishing && pending.Length == 0) Dispose();
    }

    protected override void Close()
    {
        if (!isTerminal) target.Dispose();
        foreach (InputSource source in sources)
        {
            source.Dispose();
        }

        sources.Clear();
    }
}
