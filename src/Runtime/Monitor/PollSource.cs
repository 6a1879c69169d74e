namespace Container.Runtime.Monitor;

/// <summary>Something the monitor waits for.</summary>
internal abstract class PollSource : IDisposable
{
    /// <summary>What to poll; -1 while there is nothing to wait for.</summary>
    public abstract int Descriptor { get; }

    /// <summary>POLLIN and POLLOUT as wanted; errors and hang-ups are always reported.</summary>
    public abstract short Events { get; }

    /// <summary>Whether the loop is to forget it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Acts on what poll(2) returned.</summary>
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
