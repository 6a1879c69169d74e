using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>Does something once, after a time.</summary>
internal sealed class OneShotTimer(long milliseconds, Action elapsed) : PollSource
{
    private readonly FileDescriptor timer = Polling.CreateTimer(Math.Max(milliseconds, 1));

    public override int Descriptor => timer.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        Dispose();
        elapsed();
    }

    protected override void Close() => timer.Dispose();
}
