using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>The null device as a standard stream.</summary>
internal static unsafe partial class LaunchRunner
{
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
        nint flags = FileCalls.O_RDWR | FileCalls.O_NOFOLLOW | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC;
        long result = RawCall.Invoke(
            SystemCallNumber.statx, FileCalls.AT_FDCWD, (nint)path, FileCalls.AT_SYMLINK_NOFOLLOW,
            (nint)FileStatus.STATX_BASIC_STATS, (nint)status, 0);
        if (result < 0 || !IsNull(status)) return -(long)Errno.ENODEV;
        long file = RawCall.Invoke(SystemCallNumber.openat, FileCalls.AT_FDCWD, (nint)path, flags, 0, 0, 0);
        if (file < 0 || (Status((int)file, status) >= 0 && IsNull(status))) return file;
        RawCall.Invoke(SystemCallNumber.close, (nint)file, 0, 0, 0, 0, 0);
        return -(long)Errno.ENODEV;
    }

    private static bool IsNull(FileStatus* status) =>
        (status->Mode & FileCalls.S_IFMT) == FileCalls.S_IFCHR && status->SpecialMajor == 1 && status->SpecialMinor == 3;
}
