using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>The modes of a terminal: termios(3), and its size: ioctl_tty(2).</summary>
internal static unsafe partial class TerminalModes
{
    /// <summary>More than any C library's struct termios; only the library looks inside.</summary>
    public const int StateSize = 256;

    private const nuint TIOCGWINSZ = 0x5413;
    private const nuint TIOCSWINSZ = 0x5414;
    private const int TCSADRAIN = 1;

    /// <summary>Reads the modes into <paramref name="state"/>, which has <see cref="StateSize"/> bytes.</summary>
    public static void Save(FileDescriptor terminal, byte* state) =>
        SystemCallException.Check(tcgetattr(terminal.Number, state), "tcgetattr");

    /// <summary>Sets saved modes again.</summary>
    public static void Restore(FileDescriptor terminal, byte* state) =>
        SystemCallException.Check(tcsetattr(terminal.Number, TCSADRAIN, state), "tcsetattr");

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
        ushort* size = stackalloc ushort[4];
        return ioctl(terminal, TIOCGWINSZ, size) < 0 ? null : (size[1], size[0]);
    }

    /// <summary>Columns and rows.</summary>
    public static (int Width, int Height) GetSize(FileDescriptor terminal) =>
        TryGetSize(terminal.Number) ?? throw SystemCallException.Last("ioctl", "TIOCGWINSZ");

    /// <summary>Sets columns and rows; the processes of the terminal get SIGWINCH.</summary>
    public static void SetSize(FileDescriptor terminal, int width, int height)
    {
        ushort* size = stackalloc ushort[4] { (ushort)height, (ushort)width, 0, 0 };
        SystemCallException.Check(ioctl(terminal.Number, TIOCSWINSZ, size), "ioctl", "TIOCSWINSZ");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int descriptor, byte* state);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int descriptor, int when, byte* state);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* state);

    // ioctl(2) is variadic in C; x86-64 and arm64 pass one pointer as they would in a fixed list.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, ushort* argument);
}
