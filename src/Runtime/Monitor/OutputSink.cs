using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// A client that receives a stream of the container. One that was there from the start loses nothing: while it has not
/// taken what came before, the container is not read. One that came later is dropped when it does not keep up.
/// </summary>
internal sealed class OutputSink(FileDescriptor target, bool isLossless) : PollSource
{
    private const int LateLimit = 256 * 1024;

    private PendingBytes pending;
    private bool finishing;

    public override int Descriptor => target.Number;

    public override short Events => pending.Length > 0 ? Polling.POLLOUT : (short)0;

    /// <summary>Whether the container has to wait for it.</summary>
    public bool IsBlocking => isLossless && pending.Length > 0 && !IsClosed;

    /// <summary>Sends <paramref name="data"/>, now or when there is room.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (IsClosed) return;
        if (pending.Length == 0)
        {
            int written = StreamDescriptor.Write(target, data);
            if (written < 0)
            {
                Dispose();
                return;
            }

            data = data[written..];
        }

        if (data.IsEmpty) return;
        if (!isLossless && pending.Length + data.Length > LateLimit) Dispose();
        else pending.Add(data);
    }

    /// <summary>Closes the stream when everything has been sent.</summary>
    public void Finish()
    {
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

    protected override void Close() => target.Dispose();
}
