using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>The program's streams: whose they are, and the modes of a terminal (ioctl_tty(2)).</summary>
internal static unsafe partial class LaunchRunner
{
    private static long ClearOutputFlag(int terminal, nint get, nint set, uint flag)
    {
        const int OutputFlags = 1;
        const int ModesSize = 64;

        // The kernel's struct termios, which is smaller, begins with the flags of input and output.
        uint* modes = stackalloc uint[ModesSize / sizeof(uint)];
        long result = RawCall.Invoke(SystemCallNumber.ioctl, terminal, get, (nint)modes);
        if (result < 0) return result;
        modes[OutputFlags] &= ~flag;
        return RawCall.Invoke(SystemCallNumber.ioctl, terminal, set, (nint)modes);
    }

    private static long OwnStreams(uint user)
    {
        const int StatusWords = 16;
        const nint Keep = -1;

        byte* empty = stackalloc byte[1];
        *empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        long* system = stackalloc long[StatusWords];
        for (int stream = 0; stream < 3; stream++)
        {
            if (Status(stream, status) < 0 || (status->Mode & FileCalls.S_IFMT) != FileCalls.S_IFIFO || status->Uid == user) continue;
            if (RawFiles.FileSystem(stream, system) < 0 || system[0] != FileSystems.PIPEFS_MAGIC) continue;
            long result = RawCall.Invoke(
                SystemCallNumber.fchownat, stream, (nint)empty, (nint)user, Keep, FileCalls.AT_EMPTY_PATH);

            // A pipe of somebody whose id we do not know stays his.
            if (result < 0 && result is not (-(long)Errno.EPERM) and not (-(long)Errno.EINVAL)) return result;
        }

        return 0;
    }
}
