using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Terminals: ioctl_tty(2).</summary>
internal static unsafe class TerminalCalls
{
    public const int TIOCSCTTY = 0x540E;
    public const int TIOCSPGRP = 0x5410;
    public const int TIOCGWINSZ = 0x5413;
    public const int TIOCSWINSZ = 0x5414;
    public const int TIOCGPTPEER = 0x5441;
    public const int TIOCSPTLCK = 0x40045431;

    /// <summary>The other end of the terminal with this master, found without a name.</summary>
    public static FileDescriptor OpenPeer(FileDescriptor master) => new(SystemCallException.Check(
        LibC.ioctl(master.Number, TIOCGPTPEER, FileCalls.O_RDWR | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC),
        "ioctl", "TIOCGPTPEER"));

    /// <summary>Sets the size in characters; the processes of the terminal get SIGWINCH.</summary>
    public static void Resize(FileDescriptor master, uint width, uint height)
    {
        winsize size = new() { ws_row = (ushort)height, ws_col = (ushort)width };
        SystemCallException.Check(LibC.ioctl(master.Number, TIOCSWINSZ, &size), "ioctl", "TIOCSWINSZ");
    }
}
