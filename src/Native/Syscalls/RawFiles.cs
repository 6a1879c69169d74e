using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>
/// The file calls that path resolution makes after clone: errors as negative numbers, no transition of the garbage
/// collector's state. libc's functions instead of syscall(2), because the numbers differ between architectures and a
/// table of them would need a class constructor.
/// </summary>
internal static unsafe class RawFiles
{
    /// <summary>openat(2), close-on-exec always; the descriptor or -errno.</summary>
    public static int Open(int directory, byte* path, ulong flags, uint mode) =>
        Result(openat(directory, path, (int)flags | FileCalls.O_CLOEXEC, mode));

    /// <summary>mkdirat(2); 0 or -errno.</summary>
    public static int MakeDirectory(int directory, byte* path, uint mode) => Result(mkdirat(directory, path, mode));

    /// <summary>readlinkat(2); the length or -errno.</summary>
    public static int ReadLink(int directory, byte* path, byte* buffer, uint size) =>
        Result((int)readlinkat(directory, path, buffer, size));

    /// <summary>statx(2) without synchronisation demands; 0 or -errno.</summary>
    public static int Status(int directory, byte* path, int flags, FileStatus* result) =>
        Result(statx(directory, path, flags, FileStatus.STATX_BASIC_STATS, result));

    /// <summary>fstatfs(2); 0 or -errno. The file system's magic number is the first word.</summary>
    public static int FileSystem(int fd, long* result) => Result(fstatfs(fd, result));

    /// <summary>close(2), whose result no caller can act on.</summary>
    public static void Close(int fd) => _ = close(fd);

    private static int Result(int value) => value < 0 ? -*__errno_location() : value;

    // openat is variadic in C; with integer arguments x86-64 and arm64 pass them as a fixed list.
    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int openat(int directory, byte* path, int flags, uint mode);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int mkdirat(int directory, byte* path, uint mode);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern nint readlinkat(int directory, byte* path, byte* buffer, nuint size);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int statx(int directory, byte* path, int flags, uint mask, FileStatus* result);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int fstatfs(int fd, long* result);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int close(int fd);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int* __errno_location();
}
