using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>
/// The *at calls over names that are already bytes (see <see cref="PathText"/>): directories, links, nodes, owners,
/// times and the entries of a directory.
/// </summary>
internal static unsafe partial class Entries
{
    public const long UTIME_OMIT = (1L << 30) - 2;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(int directory, byte* name, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknodat(int directory, byte* name, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat2(int oldDirectory, byte* oldName, int newDirectory, byte* newName, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int symlinkat(byte* target, int directory, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int linkat(int oldDirectory, byte* oldName, int newDirectory, byte* newName, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(int directory, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(int directory, byte* name, int flags, uint mask, FileStatus* result);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchownat(int directory, byte* name, uint uid, uint gid, int flags);

    // glibc and musl do AT_SYMLINK_NOFOLLOW through fchmodat2(2) or, on older kernels, an O_PATH descriptor.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmodat(int directory, byte* name, uint mode, int flags);

    // times: access and modification, each seconds and nanoseconds.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int utimensat(int directory, byte* name, long* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(int fd, byte* buffer, nuint size);
}
