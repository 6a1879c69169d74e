using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>What tells one file from another whatever it is called: its device and inode.</summary>
/// <param name="Device">The device's number.</param>
/// <param name="Inode">The inode's number.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>The identity of what is at a path, symbolic links followed, or null.</summary>
    internal static unsafe FileIdentity? TryGet(string path)
    {
        FileStatus status;
        return FileCalls.statx(FileCalls.AT_FDCWD, path, 0, FileStatus.STATX_INO, &status) == 0
            ? new FileIdentity(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode)
            : null;
    }

    /// <summary>The identity of an open file.</summary>
    public static unsafe FileIdentity Of(SafeHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        FileStatus status;
        int result = FileCalls.statx(
            (int)file.DangerousGetHandle(), "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_INO, &status);
        GC.KeepAlive(file);
        SystemCallException.Check(result, "statx");
        return new FileIdentity(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode);
    }
}
