using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.Messages;
using Container.Runtime.Streams;
using Tmds.Linux;

namespace Container.Runtime.Creation;

/// <summary>
/// Our standard input and output on one side, the master of a process' terminal on the other. Nothing waits for the
/// process: it may be waiting for us to take its output before it reads any input.
/// </summary>
internal sealed unsafe class TerminalRelay : IDisposable
{
    private readonly FileDescriptor master;
    private readonly FileDescriptor own = new(0);
    private readonly byte[]? modes;
    private readonly byte[] pending = new byte[4096];
    private readonly byte[] buffer = new byte[16 * 1024];
    private int pendingStart;
    private int pendingEnd;
    private bool inputEnded;
    private bool outputEnded;

    /// <summary>Serves <paramref name="master"/>; if our standard input is a terminal, it becomes raw.</summary>
    public TerminalRelay(FileDescriptor master)
    {
        this.master = StreamDescriptor.SetNonBlocking(master);
        byte[] state = new byte[TerminalModes.StateSize];
        try
        {
            fixed (byte* start = state)
            {
                TerminalModes.Save(own, start);
                TerminalModes.SetRaw(own, start);
            }

            modes = state;
            CopySize();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOTTY or Errno.EINVAL or Errno.EBADF)
        {
            // A file or a pipe has no modes.
            return;
        }
    }

    /// <summary>What to wait for on standard input: something to read, while there is room for it.</summary>
    public pollfd Input => new()
    {
        fd = inputEnded || pendingEnd > pendingStart ? -1 : 0,
        events = Polling.POLLIN,
    };

    /// <summary>What to wait for on the master.</summary>
    public pollfd Master => new()
    {
        fd = outputEnded ? -1 : master.Number,
        events = (short)(pendingEnd > pendingStart ? Polling.POLLIN | Polling.POLLOUT : Polling.POLLIN),
    };

    /// <summary>The size of the terminal that is our standard input, or null where it is none.</summary>
    public static OciBox? FindSize() =>
        TerminalModes.TryGetSize(0) is var (width, height)
            ? new OciBox { Width = (uint)width, Height = (uint)height }
            : null;

    /// <summary>Whether what a process writes to its terminal comes to one again, which wants it as it is.</summary>
    public static bool WritesToTerminal => TerminalModes.TryGetSize(1) is not null;

    /// <summary>Gives the process' terminal the size of ours.</summary>
    public void CopySize()
    {
        if (modes is null) return;
        (int width, int height) = TerminalModes.GetSize(own);
        TerminalModes.SetSize(master, width, height);
    }

    /// <summary>Takes what was typed.</summary>
    public void ReadInput()
    {
        int count = StreamDescriptor.Read(own, pending);
        inputEnded = count == 0;
        (pendingStart, pendingEnd) = (0, Math.Max(count, 0));
        WriteInput();
    }

    /// <summary>Moves what is there, both ways.</summary>
    public void Move()
    {
        WriteInput();
        int count = StreamDescriptor.Read(master, buffer);
        outputEnded = count == 0;
        if (count > 0) Output.Write(buffer.AsSpan(0, count));
    }

    /// <summary>Writes what the process has left in its terminal.</summary>
    public void Finish()
    {
        int count;
        while ((count = StreamDescriptor.Read(master, buffer)) > 0) Output.Write(buffer.AsSpan(0, count));
    }

    public void Dispose()
    {
        if (modes is not null)
        {
            fixed (byte* start = modes) TerminalModes.Restore(own, start);
        }

        // Standard input was there before us.
        own.Detach();
    }

    private void WriteInput()
    {
        if (pendingEnd == pendingStart) return;
        int written = StreamDescriptor.Write(master, pending.AsSpan(pendingStart, pendingEnd - pendingStart));
        pendingStart = written < 0 ? pendingEnd : pendingStart + written;
    }
}
