using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Terminals: ioctl_tty(2).</summary>
internal static unsafe partial class TerminalCalls
{
    private const uint TIOCGPTPEER = 0x5441;
    private const uint TIOCSWINSZ = 0x5414;

    /// <summary>The other end of the terminal with this master, found without a name.</summary>
    public static FileDescriptor OpenPeer(FileDescriptor master) => new(SystemCallException.Check(
        ioctl(master.Number, TIOCGPTPEER, Files.O_RDWR | Files.O_NOCTTY | Files.O_CLOEXEC), "ioctl", "TIOCGPTPEER"));

    /// <summary>Sets the size in characters; the processes of the terminal get SIGWINCH.</summary>
    public static void Resize(FileDescriptor master, uint width, uint height)
    {
        ushort* size = stackalloc ushort[4] { (ushort)height, (ushort)width, 0, 0 };
        SystemCallException.Check(ioctl(master.Number, TIOCSWINSZ, (nint)size), "ioctl", "TIOCSWINSZ");
    }

    // ioctl(2) is variadic in C; with integer arguments only, x86-64 and arm64 pass them as a fixed list.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, nint argument);
}
