using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>What file system a descriptor is on: fstatfs(2).</summary>
internal static unsafe partial class FileSystems
{
    public const long PROC_SUPER_MAGIC = 0x9FA0;
    public const long SYSFS_MAGIC = 0x62656572;
    public const long PIPEFS_MAGIC = 0x50495045;
    public const long CGROUP_SUPER_MAGIC = 0x27E0EB;
    public const long CGROUP2_SUPER_MAGIC = 0x63677270;

    // struct statfs has 120 bytes on 64-bit machines, the type first.
    private const int StatusWords = 16;

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
        const int FlagsWord = 10;

        long* status = stackalloc long[StatusWords];
        SystemCallException.Check(fstatfs(file.Number, status), "fstatfs", path);
        return (status[FlagsWord] & LibC.ST_RDONLY) != 0;
    }

    /// <summary>Throws EXDEV unless the file system is the one that is expected.</summary>
    public static void Require(FileDescriptor file, long type, string path)
    {
        if (Type(file, path) != type) throw new SystemCallException("verify", path, Errno.EXDEV);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(int fd, long* result);
}
