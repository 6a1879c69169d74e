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
            if (Status(stream, status) < 0 || (status->Mode & Files.S_IFMT) != Files.S_IFIFO || status->Uid == user) continue;
            if (RawFiles.FileSystem(stream, system) < 0 || system[0] != FileSystems.PIPEFS_MAGIC) continue;
            long result = RawCall.Invoke(
                SystemCallNumber.fchownat, stream, (nint)empty, (nint)user, Keep, Files.AT_EMPTY_PATH);

            // A pipe of somebody whose id we do not know stays his.
            if (result < 0 && result is not (-(long)Errno.EPERM) and not (-(long)Errno.EINVAL)) return result;
        }

        return 0;
    }

    /// <summary>
    /// Streams that are the host's /dev/null become the container's own, as runc and crun have it for the first process:
    /// root without a user namespace could change the mode and owner of the host's through them. A container that has none
    /// keeps the host's. The name is looked at before it is opened, as opening a device can have effects.
    /// </summary>
    private static long ReplaceNull(byte* path)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long own = -1;
        for (int stream = 0; stream < 3; stream++)
        {
            if (Status(stream, status) < 0 || !IsNull(status)) continue;
            if (own < 0) own = OpenNull(path, status);
            if (own < 0) return 0;
            long result = RawCall.Invoke(SystemCallNumber.dup3, (nint)own, stream, 0, 0, 0, 0);
            if (result < 0) return result;
        }

        if (own >= 0) RawCall.Invoke(SystemCallNumber.close, (nint)own, 0, 0, 0, 0, 0);
        return 0;
    }

    private static long OpenNull(byte* path, FileStatus* status)
    {
        nint flags = Files.O_RDWR | Files.O_NOFOLLOW | Files.O_NOCTTY | Files.O_CLOEXEC;
        long result = RawCall.Invoke(
            SystemCallNumber.statx, Files.AT_FDCWD, (nint)path, Files.AT_SYMLINK_NOFOLLOW,
            (nint)FileStatus.STATX_BASIC_STATS, (nint)status, 0);
        if (result < 0 || !IsNull(status)) return -(long)Errno.ENODEV;
        long file = RawCall.Invoke(SystemCallNumber.openat, Files.AT_FDCWD, (nint)path, flags, 0, 0, 0);
        if (file < 0 || (Status((int)file, status) >= 0 && IsNull(status))) return file;
        RawCall.Invoke(SystemCallNumber.close, (nint)file, 0, 0, 0, 0, 0);
        return -(long)Errno.ENODEV;
    }

    private static bool IsNull(FileStatus* status) =>
        (status->Mode & Files.S_IFMT) == Files.S_IFCHR && status->SpecialMajor == 1 && status->SpecialMinor == 3;
}
