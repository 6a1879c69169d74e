using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>What file system a descriptor is on: fstatfs(2).</summary>
internal static unsafe partial class FileSystems
{
    public const long PROC_SUPER_MAGIC = 0x9FA0;
    public const long SYSFS_MAGIC = 0x62656572;
    public const long FUSE_SUPER_MAGIC = 0x65735546;
    public const long TMPFS_MAGIC = 0x1021994;
    public const long PIPEFS_MAGIC = 0x50495045;
    public const long CGROUP_SUPER_MAGIC = 0x27E0EB;
    public const long CGROUP2_SUPER_MAGIC = 0x63677270;

    private const long AAFS_MAGIC = 0x5A3C69F0;
    private const long AUTOFS_SUPER_MAGIC = 0x187;
    private const long BINFMTFS_MAGIC = 0x42494E4D;
    private const long BPF_FS_MAGIC = 0xCAFE4A11;
    private const long CONFIGFS_MAGIC = 0x62656570;
    private const long DEBUGFS_MAGIC = 0x64626720;
    private const long DEVPTS_SUPER_MAGIC = 0x1CD1;
    private const long EFIVARFS_MAGIC = 0xDE5E81E4;
    private const long FUNCTIONFS_MAGIC = 0xA647361;
    private const long FUSE_CTL_SUPER_MAGIC = 0x65735543;
    private const long MQUEUE_MAGIC = 0x19800202;
    private const long NFSD_MAGIC = 0x6E667364;
    private const long NSFS_MAGIC = 0x6E736673;
    private const long PID_FS_MAGIC = 0x50494446;
    private const long PSTOREFS_MAGIC = 0x6165676C;
    private const long RDTGROUP_SUPER_MAGIC = 0x7655821;
    private const long RPC_PIPEFS_MAGIC = 0x67596969;
    private const long SECURITYFS_MAGIC = 0x73636673;
    private const long SELINUX_MAGIC = 0xF97CFF8C;
    private const long SMACK_MAGIC = 0x43415D53;
    private const long TRACEFS_MAGIC = 0x74726163;
    private const long XENFS_SUPER_MAGIC = 0xABBA1974;

    // struct statfs has 120 bytes on 64-bit machines, the type first.
    private const int StatusWords = 16;

    /// <summary>
    /// Whether the files of such a file system are the kernel's or a driver's own words, which are made up when they are
    /// read: to read one can empty it (/proc/kmsg), block, never end (/proc/1/pagemap), or tell what only root may know.
    /// </summary>
    public static bool IsGenerated(long type) =>
        type is PROC_SUPER_MAGIC or SYSFS_MAGIC or CGROUP_SUPER_MAGIC or CGROUP2_SUPER_MAGIC or PIPEFS_MAGIC
        || type is AAFS_MAGIC or AUTOFS_SUPER_MAGIC or BINFMTFS_MAGIC or BPF_FS_MAGIC or CONFIGFS_MAGIC
        || type is DEBUGFS_MAGIC or DEVPTS_SUPER_MAGIC or EFIVARFS_MAGIC or FUNCTIONFS_MAGIC or FUSE_CTL_SUPER_MAGIC
        || type is MQUEUE_MAGIC or NFSD_MAGIC or NSFS_MAGIC or PID_FS_MAGIC or PSTOREFS_MAGIC
        || type is RDTGROUP_SUPER_MAGIC or RPC_PIPEFS_MAGIC or SECURITYFS_MAGIC or SELINUX_MAGIC or SMACK_MAGIC
        || type is TRACEFS_MAGIC or XENFS_SUPER_MAGIC;

    /// <summary>The magic number of the file system.</summary>
    public static long Type(FileDescriptor file, string path)
    {
        long* status = stackalloc long[StatusWords];
        SystemCallException.Check(fstatfs(file.Number, status), "fstatfs", path);
        return status[0];
    }

    /// <summary>Whether a FIFO has no name: pipe(2) made it.</summary>
    public static bool IsPipe(int descriptor)
    {
        long* status = stackalloc long[StatusWords];
        return fstatfs(descriptor, status) == 0 && status[0] == PIPEFS_MAGIC;
    }

    /// <summary>Whether the mount that the file was opened through is read-only.</summary>
    public static bool IsReadOnly(FileDescriptor file, string path)
    {
        return (Flags(file, path) & LibC.ST_RDONLY) != 0;
    }

    /// <summary>Whether the mount has neither set-user-ID programs nor devices.</summary>
    public static bool IsRestricted(FileDescriptor file, string path)
    {
        long both = LibC.ST_NOSUID | LibC.ST_NODEV;
        return (Flags(file, path) & both) == both;
    }

    private static long Flags(FileDescriptor file, string path)
    {
        const int FlagsWord = 10;

        long* status = stackalloc long[StatusWords];
        SystemCallException.Check(fstatfs(file.Number, status), "fstatfs", path);
        return status[FlagsWord];
    }

    /// <summary>Throws EXDEV unless the file system is the one that is expected.</summary>
    public static void Require(FileDescriptor file, long type, string path)
    {
        if (Type(file, path) != type) throw new SystemCallException("verify", path, Errno.EXDEV);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(int fd, long* result);
}
