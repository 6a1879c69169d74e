using System.Security.Cryptography;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// Project quotas of ext4 and xfs: a directory gets a project that all made in it inherits (ioctl_xfs_fssetxattr(2)),
/// and the project a limit (quotactl_fd(2), Linux 5.14).
/// </summary>
public static unsafe class ProjectQuota
{
    private const uint FS_IOC_FSGETXATTR = 0x801C581F;
    private const uint FS_IOC_FSSETXATTR = 0x401C5820;
    private const uint FS_XFLAG_PROJINHERIT = 0x200;
    private const uint Q_SETQUOTA = 0x800008;
    private const uint PRJQUOTA = 2;
    private const uint QIF_BLIMITS = 1;

    /// <summary>A project number for a name: any but 0, which is everybody's.</summary>
    public static uint ProjectOf(string name) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))) | 0x80000000;

    /// <summary>Limits what a directory can hold; false where the file system has no project quotas.</summary>
    public static bool TrySet(FileDescriptor directory, uint project, long bytes, string path)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ulong blocks = (ulong)(bytes + 1023) / 1024;
        Limits limits = new() { Hard = blocks, Soft = blocks, Valid = QIF_BLIMITS };
        long result = RawCall.Invoke(
            SystemCallNumber.quotactl_fd, directory.Number, unchecked((nint)((Q_SETQUOTA << 8) | PRJQUOTA)),
            (nint)project, (nint)(&limits));

        // ESRCH: quotas are not on; the others: the kernel or the file system has none.
        Errno errno = (Errno)Math.Max(0, -result);
        if (errno is Errno.ESRCH or Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EINVAL or Errno.ENOTTY) return false;
        if (result < 0) throw new SystemCallException("quotactl", path, (Errno)(-result));
        FileFlags flags;
        nint get = unchecked((nint)FS_IOC_FSGETXATTR);
        result = RawCall.Invoke(SystemCallNumber.ioctl, directory.Number, get, (nint)(&flags));
        if (result < 0) return false;
        flags.Project = project;
        flags.Bits |= FS_XFLAG_PROJINHERIT;
        result = RawCall.Invoke(SystemCallNumber.ioctl, directory.Number, (nint)FS_IOC_FSSETXATTR, (nint)(&flags));
        return result >= 0 ? true : throw new SystemCallException("fssetxattr", path, (Errno)(-result));
    }

    // struct fsxattr of linux/fs.h.
    private struct FileFlags
    {
        public uint Bits;
        public uint ExtentSize;
        public uint Extents;
        public uint Project;
        public uint CopyOnWriteSize;
        public fixed byte Padding[8];
    }

    // struct if_dqblk of linux/quota.h; limits are in kibibytes.
    private struct Limits
    {
        public ulong Hard;
        public ulong Soft;
        public ulong Used;
        public ulong InodesHard;
        public ulong InodesSoft;
        public ulong Inodes;
        public ulong BlockTime;
        public ulong InodeTime;
        public uint Valid;
    }
}
