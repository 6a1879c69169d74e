using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Attributes of open files: fchown(2), futimens(3), ftruncate(2), syncfs(2), xattr(7).</summary>
internal static unsafe partial class Attributes
{
    public static int fchown(int fd, uint uid, uint gid) => LibC.fchown(fd, uid, gid);

    // times: access and modification.
    public static int futimens(int fd, timespec* times) => LibC.futimens(fd, times);

    public static int ftruncate(int fd, long length) => LibC.ftruncate(fd, length);

    public static int syncfs(int fd) => LibC.syncfs(fd);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int fsetxattr(int fd, string name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int setxattr(string path, string name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint getxattr(string path, string name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint listxattr(string path, byte* names, nuint size);
}
