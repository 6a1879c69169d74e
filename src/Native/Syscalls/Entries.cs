using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>
/// The *at calls over names that are already bytes (see <see cref="PathText"/>): directories, links, nodes, owners,
/// times and the entries of a directory.
/// </summary>
internal static unsafe partial class Entries
{
    public static int openat(int directory, byte* name, int flags, uint mode) =>
        LibC.openat(directory, name, flags, (ushort)mode);

    public static int mkdirat(int directory, byte* name, uint mode) => LibC.mkdirat(directory, name, (ushort)mode);

    // That of Tmds.LibC is __xmknodat, which glibc has had only in its shared form since 2.33; psrun is linked statically.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int mknodat(int directory, byte* name, uint mode, ulong device);

    public static int unlinkat(int directory, byte* name, int flags) => LibC.unlinkat(directory, name, flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat2(int oldDirectory, byte* oldName, int newDirectory, byte* newName, uint flags);

    public static int symlinkat(byte* target, int directory, byte* name) => LibC.symlinkat(target, directory, name);

    public static int linkat(int oldDirectory, byte* oldName, int newDirectory, byte* newName, int flags) =>
        LibC.linkat(oldDirectory, oldName, newDirectory, newName, flags);

    public static nint readlinkat(int directory, byte* name, byte* buffer, nuint size) =>
        (nint)(long)LibC.readlinkat(directory, name, buffer, (size_t)(ulong)size);

    public static int statx(int directory, byte* name, int flags, uint mask, FileStatus* result) =>
        LibC.statx(directory, name, flags, mask, (statx*)result);

    public static int fchownat(int directory, byte* name, uint uid, uint gid, int flags) =>
        LibC.fchownat(directory, name, uid, gid, flags);

    // glibc does AT_SYMLINK_NOFOLLOW through fchmodat2(2) or, on older kernels, an O_PATH descriptor.
    public static int fchmodat(int directory, byte* name, uint mode, int flags) =>
        LibC.fchmodat(directory, name, (ushort)mode, flags);

    // times: access and modification.
    public static int utimensat(int directory, byte* name, timespec* times, int flags) =>
        LibC.utimensat(directory, name, times, flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(int fd, byte* buffer, nuint size);
}
