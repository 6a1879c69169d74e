using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.OwnProcess;
using Tmds.Linux;

namespace Container.Runtime.Creation;

/// <summary>
/// Stays with a process until it ends: passes signals on and, where there is one, serves its terminal. Signals are taken
/// from the moment it is made: before the program runs, or one that comes early ends us and leaves the program alone.
/// </summary>
internal sealed class Foreground : IDisposable
{
    private readonly SignalQueue signals = new(
        Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, Signals.SIGTERM,
        Signals.SIGUSR1, Signals.SIGUSR2, Signals.SIGWINCH);

    /// <summary>Waits for the process to end.</summary>
    /// <param name="process">The process, whose program runs.</param>
    /// <param name="servesTerminal">Whether its terminal is ours to serve, and not the caller's.</param>
    /// <param name="notify">Where it says that it is ready, or null.</param>
    public ExitStatus Wait(LaunchedProcess process, bool servesTerminal, NotifySocket? notify = null)
    {
        using FileDescriptor? master = process.TakeDescriptor();
        return Wait(process.PidFd, master, servesTerminal, notify);
    }

    /// <summary>Waits for a child to end.</summary>
    /// <param name="process">A descriptor of it.</param>
    /// <param name="master">The master of its terminal, or null.</param>
    /// <param name="servesTerminal">Whether its terminal is ours to serve, and not the caller's.</param>
    /// <param name="notify">Where it says that it is ready, or null.</param>
    public ExitStatus Wait(
        FileDescriptor process, FileDescriptor? master, bool servesTerminal, NotifySocket? notify = null)
    {
        using TerminalRelay? relay = servesTerminal && master is not null ? new TerminalRelay(master) : null;
        Span<pollfd> entries = stackalloc pollfd[5];
        bool isReady = notify is null;
        while (true)
        {
            entries[0] = new pollfd { fd = process.Number, events = Polling.POLLIN };
            entries[1] = new pollfd { fd = signals.Descriptor.Number, events = Polling.POLLIN };
            entries[2] = relay?.Input ?? new pollfd { fd = -1 };
            entries[3] = relay?.Master ?? new pollfd { fd = -1 };
            entries[4] = new pollfd { fd = isReady ? -1 : notify!.Descriptor.Number, events = Polling.POLLIN };
            Polling.Wait(entries, -1);
            if (entries[1].revents != 0) PassOn(signals.Take(), process, relay);
            if (entries[2].revents != 0) relay!.ReadInput();
            if (entries[3].revents != 0) relay!.Move();
            if (entries[4].revents != 0) isReady = notify!.Forward(Environment.ProcessId);
            if (entries[0].revents == 0) continue;
            relay?.Finish();
            notify?.Synchronize();
            return ChildProcess.Wait(process);
        }
    }

    public void Dispose() => signals.Dispose();

    private static void PassOn(int signal, FileDescriptor process, TerminalRelay? relay)
    {
        if (signal == 0) return;
        if (signal == Signals.SIGWINCH && relay is not null) relay.CopySize();
        else ChildProcess.Signal(process, signal);
    }
}
