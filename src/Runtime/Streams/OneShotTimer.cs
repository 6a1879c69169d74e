using Container.Native.Syscalls;

namespace Container.Runtime.Streams;

/// <summary>
/// Does something once, after a time. It takes no descriptor: what has to happen at a time must not fail for want of one.
/// </summary>
internal sealed class OneShotTimer(long milliseconds, Action elapsed) : PollSource
{
    public override int Descriptor => -1;

    public override short Events => 0;

    public override long DueAt { get; } = Polling.Now() + Math.Max(milliseconds, 1);

    public override void Ready(short events)
    {
        Dispose();
        elapsed();
    }

    protected override void Close()
    {
        // The loop forgets it.
    }
}
