using Container.Native.Syscalls;

namespace Container.Runtime.OwnProcess;

/// <summary>Signals to this process, taken from a descriptor instead of a handler: signalfd(2).</summary>
internal sealed unsafe class SignalQueue : IDisposable
{
    private readonly FileDescriptor signals;

    /// <summary>Takes the signals <paramref name="numbers"/> from now on.</summary>
    public SignalQueue(params int[] numbers)
    {
        // A signal to the process goes to any thread that has not blocked it.
        Signals.Block(numbers);
        FinalizerThread.Block(numbers);
        signals = Signals.OpenDescriptor(numbers);
    }

    /// <summary>Readable when there is a signal.</summary>
    public FileDescriptor Descriptor => signals;

    /// <summary>The next signal, or 0 where there is none.</summary>
    public int Take()
    {
        // struct signalfd_siginfo begins with the number.
        uint* record = stackalloc uint[32];
        return FileCalls.read(signals.Number, record, 128) > 0 ? (int)record[0] : 0;
    }

    public void Dispose() => signals.Dispose();
}
