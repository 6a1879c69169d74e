using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>Signals to the monitor, taken from a descriptor.</summary>
internal sealed unsafe class SignalSource : PollSource
{
    private readonly FileDescriptor signals;
    private readonly Action received;

    public SignalSource(Action received)
    {
        this.received = received;
        Block();

        // A signal to the process goes to any thread that has not blocked it, and the runtime's finalizer thread has
        // none blocked; only it can change that, and what it runs are finalizers.
        Abandon();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        signals = Signals.OpenDescriptor(Signals.SIGTERM, Signals.SIGINT, Signals.SIGQUIT);
    }

    public override int Descriptor => signals.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        byte* record = stackalloc byte[128];
        if (Files.read(signals.Number, record, 128) > 0) received();
    }

    protected override void Close() => signals.Dispose();

    private static void Block() => Signals.Block(Signals.SIGTERM, Signals.SIGINT, Signals.SIGQUIT);

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Abandon() => _ = new Blocker();

    private sealed class Blocker
    {
        ~Blocker() => Block();
    }
}
