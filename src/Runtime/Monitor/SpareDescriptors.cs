using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>
/// Descriptors that are kept so that clients cannot have them all: how the container ends, how it is stopped and what is
/// written down about it must not fail for want of one.
/// </summary>
internal sealed class SpareDescriptors : IDisposable
{
    private const int Number = 8;

    private readonly List<FileDescriptor> kept = [];
    private int users;

    /// <summary>Takes them; where there are fewer, as many as there are.</summary>
    public void Fill()
    {
        // A monitor's standard input is /dev/null.
        const int Null = 0;

        try
        {
            while (kept.Count < Number)
            {
                int copy = FileCalls.fcntl(Null, FileCalls.F_DUPFD_CLOEXEC, 3);
                kept.Add(new FileDescriptor(SystemCallException.Check(copy, "fcntl")));
            }
        }
        catch (SystemCallException)
        {
            // Those of clients that go are taken the next time.
        }
    }

    /// <summary>Does something with them, all or none of which it may take.</summary>
    public void Use(Action action)
    {
        Dispose();
        users++;
        try
        {
            action();
        }
        finally
        {
            if (--users == 0) Fill();
        }
    }

    /// <summary>Does something; with them only where it cannot be done without.</summary>
    public void UseAtNeed(Action action)
    {
        try
        {
            action();
        }
        catch (SystemCallException failure) when (failure.LacksDescriptors)
        {
            Use(action);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileDescriptor descriptor in kept)
        {
            descriptor.Dispose();
        }

        kept.Clear();
    }
}
