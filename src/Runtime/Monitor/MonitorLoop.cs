using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;
using Tmds.Linux;

namespace Container.Runtime.Monitor;

/// <summary>
/// The monitor's only thread: waits for all sources at once and lets those act that are ready. Nothing a source does
/// may block, whatever the container or a client does.
/// </summary>
internal sealed class MonitorLoop : IDisposable
{
    // Shorter than the time between two checks of the health, longer than that between two commands of a script.
    private const int QuietMilliseconds = 200;
    private const int FinalizerMilliseconds = 50;

    // Where something happens all the time.
    private const int BusyMilliseconds = 5000;
    private const int GarbageLimit = 1024 * 1024;

    private readonly List<PollSource> sources = [];
    private readonly FileDescriptor timer = Polling.CreateTimer();
    private pollfd[] entries = new pollfd[16];
    private long timerAt;
    private long collectedAt;
    private long wokenAt = Environment.TickCount64;
    private bool isCollected;

    /// <summary>For what a source reads and writes in its turn.</summary>
    public TransferBuffer Buffer { get; } = new();

    /// <summary>Polls <paramref name="source"/> from now on, until it is closed.</summary>
    public void Add(PollSource source) => sources.Add(source);

    /// <summary>Runs until everything is over.</summary>
    public void Run(Func<bool> isOver)
    {
        do
        {
            while (!isOver())
            {
                Turn(isCollected ? FinalizerMilliseconds : QuietMilliseconds);
                CollectGarbage();
            }

            // Who asked in the last moment gets an answer too.
            Turn(0);
        }
        while (!isOver());
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Turn(int patience)
    {
        sources.RemoveAll(static source => source.IsClosed);

        // Sources that are added while others act have their turn in the next one.
        int count = sources.Count;
        if (entries.Length <= count) entries = new pollfd[(count + 1) * 2];
        entries[0] = new pollfd { fd = timer.Number, events = Polling.POLLIN };
        int used = 1;
        long due = long.MaxValue;
        for (int i = 0; i < count; i++)
        {
            // poll(2) takes no more entries than a process may have descriptors: those that wait for none are left out.
            PollSource source = sources[i];
            source.Place = source.Descriptor < 0 ? 0 : used++;
            if (source.Place > 0)
                entries[source.Place] = new pollfd { fd = source.Descriptor, events = source.Events };
            due = Math.Min(due, source.DueAt);
        }

        SetTimer(due);
        Span<pollfd> polled = entries.AsSpan(0, used);
        bool isBusy = Environment.TickCount64 - wokenAt > BusyMilliseconds;
        if (Polling.Wait(polled, isBusy ? 0 : patience)) isCollected = false;
        else if (patience > 0) Rest(polled, isBusy);
        long now = entries[0].revents != 0 ? Polling.Now() : long.MinValue;
        for (int i = 0; i < count; i++)
        {
            PollSource source = sources[i];
            short returned = source.Place > 0 ? entries[source.Place].revents : (short)0;
            if (!source.IsClosed && (returned != 0 || source.DueAt <= now)) Act(source, returned);
        }
    }

    // One timer for all that wait for a time. It stays readable until it is set anew.
    private void SetTimer(long due)
    {
        if (due == long.MaxValue) due = 0;
        if (due == timerAt) return;
        Polling.SetTimer(timer, due);
        timerAt = due;
    }

    /// <summary>There is one monitor for each container, and most of them wait: they do it without the memory they
    /// worked with.</summary>
    private void Rest(ReadOnlySpan<pollfd> polled, bool isBusy)
    {
        if (!isCollected)
        {
            isCollected = true;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

            // The finalizer thread has work to do now, and would bring the program's pages back.
            if (!isBusy) return;
        }

        isCollected = false;
        Span<byte> room = stackalloc byte[4096];
        Buffer.Release();
        try
        {
            ResidentMemory.Wait(polled, room);
        }
        catch (SystemCallException)
        {
            // No descriptor is left to see the mappings with: it waits with them.
        }

        wokenAt = Environment.TickCount64;
    }

    /// <summary>The collector's own idea of when to collect depends on the processor's cache, which may have 100 MB:
    /// that much garbage it would let us have.</summary>
    private void CollectGarbage()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - collectedAt < GarbageLimit) return;
        collectedAt = allocated;
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
    }

    private static void Act(PollSource source, short events)
    {
        try
        {
            source.Ready(events);
        }
        catch (SystemCallException)
        {
            // A peer that went away in the middle, a descriptor that is not what it should be: it costs its owner the
            // connection or the stream, never the others the container.
            source.Dispose();
        }
    }
}
