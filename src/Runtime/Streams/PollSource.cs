using Container.Native.Syscalls;

namespace Container.Runtime.Streams;

/// <summary>Something the monitor waits for.</summary>
internal abstract class PollSource : IDisposable
{
    /// <summary>What to poll; -1 while there is nothing to wait for.</summary>
    public abstract int Descriptor { get; }

    /// <summary>POLLIN and POLLOUT as wanted; errors and hang-ups are always reported.</summary>
    public abstract short Events { get; }

    /// <summary>When it acts even though nothing has come, by the clock of <see cref="Polling.Now"/>.</summary>
    public virtual long DueAt => long.MaxValue;

    /// <summary>Whether the loop is to forget it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Where the loop has its entry in this turn; 0 for none.</summary>
    internal int Place { get; set; }

    /// <summary>Acts on what poll(2) returned; that is nothing where only the time has come.</summary>
    public abstract void Ready(short events);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        Close();
    }

    /// <summary>Closes the descriptors; called once.</summary>
    protected abstract void Close();
}
