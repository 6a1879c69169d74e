using Container.Native.Syscalls;
using Container.Runtime.OwnProcess;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>Signals to the monitor.</summary>
internal sealed class SignalSource(Action received) : PollSource
{
    private readonly SignalQueue signals = new(Signals.SIGTERM, Signals.SIGINT, Signals.SIGQUIT);

    public override int Descriptor => signals.Descriptor.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        if (signals.Take() != 0) received();
    }

    protected override void Close() => signals.Dispose();
}
