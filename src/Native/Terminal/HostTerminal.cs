using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Terminal;

/// <summary>
/// The terminal the user sits at, handed over to a program elsewhere: raw, so that every key goes there, Ctrl+C too.
/// It is opened anew by its name: the shell's own descriptors share their flags with whoever inherited them, and reading
/// here must be non-blocking. Disposing of it sets the modes as they were.
/// </summary>
public sealed unsafe class HostTerminal : IDisposable
{
    private const string ControllingTerminal = "/dev/tty";

    private readonly FileDescriptor terminal;
    private readonly byte[] saved = new byte[TerminalModes.StateSize];
    private bool disposed;

    private HostTerminal(FileDescriptor terminal)
    {
        this.terminal = terminal;
        Input = new PipeStream(Open(), canRead: true, canWrite: false);
        Output = new PipeStream(Open(), canRead: false, canWrite: true);
        fixed (byte* state = saved)
        {
            TerminalModes.Save(terminal, state);
            TerminalModes.SetRaw(terminal, state);
        }
    }

    /// <summary>What the user types.</summary>
    public PipeStream Input { get; }

    /// <summary>What the user sees.</summary>
    public PipeStream Output { get; }

    /// <summary>Columns and rows.</summary>
    public (int Width, int Height) Size => TerminalModes.GetSize(terminal);

    /// <summary>Whether this process has a terminal.</summary>
    public static bool IsPresent
    {
        get
        {
            using FileDescriptor? terminal = TryOpen();
            return terminal is not null;
        }
    }

    /// <summary>Takes over the terminal; null where there is none.</summary>
    public static HostTerminal? TryTake()
    {
        FileDescriptor? terminal = TryOpen();
        if (terminal is null) return null;
        try
        {
            return new HostTerminal(terminal);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <summary>Gives the other terminal, by its master, the size of this one.</summary>
    public void CopySizeTo(FileDescriptor master)
    {
        ArgumentNullException.ThrowIfNull(master);
        (int width, int height) = Size;
        TerminalModes.SetSize(master, width, height);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        Input.Dispose();
        Output.Dispose();
        fixed (byte* state = saved)
        {
            TerminalModes.Restore(terminal, state);
        }

        terminal.Dispose();
    }

    private static FileDescriptor Open() => FileCalls.Open(ControllingTerminal, FileCalls.O_RDWR | FileCalls.O_NOCTTY);

    private static FileDescriptor? TryOpen()
    {
        try
        {
            return Open();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENXIO or Errno.ENOENT or Errno.EACCES)
        {
            return null;
        }
    }
}
