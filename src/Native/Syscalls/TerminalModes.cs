using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>The modes of a terminal: termios(3), and its size: ioctl_tty(2).</summary>
internal static unsafe partial class TerminalModes
{
    /// <summary>More than any C library's struct termios; only the library looks inside.</summary>
    public const int StateSize = 256;

    public static int TCGETS => LibC.TCGETS;
    public static int TCSETS => LibC.TCSETS;
    public static uint ONLCR => LibC.ONLCR;

    /// <summary>Reads the modes into <paramref name="state"/>, which has <see cref="StateSize"/> bytes.</summary>
    public static void Save(FileDescriptor terminal, byte* state) =>
        SystemCallException.Check(LibC.tcgetattr(terminal.Number, (termios*)state), "tcgetattr");

    /// <summary>Sets saved modes again.</summary>
    public static void Restore(FileDescriptor terminal, byte* state) =>
        SystemCallException.Check(LibC.tcsetattr(terminal.Number, (int)LibC.TCSADRAIN, (termios*)state), "tcsetattr");

    /// <summary>Sets saved modes, but every byte is passed on as it is typed and no key has a meaning.</summary>
    public static void SetRaw(FileDescriptor terminal, byte* state)
    {
        byte* raw = stackalloc byte[StateSize];
        new Span<byte>(state, StateSize).CopyTo(new Span<byte>(raw, StateSize));
        cfmakeraw(raw);
        Restore(terminal, raw);
    }

    /// <summary>Columns and rows; null where <paramref name="terminal"/> is none.</summary>
    public static (int Width, int Height)? TryGetSize(int terminal)
    {
        winsize size;
        return LibC.ioctl(terminal, TerminalCalls.TIOCGWINSZ, &size) < 0 ? null : (size.ws_col, size.ws_row);
    }

    /// <summary>Columns and rows.</summary>
    public static (int Width, int Height) GetSize(FileDescriptor terminal) =>
        TryGetSize(terminal.Number) ?? throw SystemCallException.Last("ioctl", "TIOCGWINSZ");

    /// <summary>Sets columns and rows; the processes of the terminal get SIGWINCH.</summary>
    public static void SetSize(FileDescriptor terminal, int width, int height) =>
        TerminalCalls.Resize(terminal, (uint)width, (uint)height);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* state);
}
