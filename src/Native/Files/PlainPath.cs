using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Files;

/// <summary>Paths of the host that mean the same wherever they are looked up from.</summary>
internal static unsafe class PlainPath
{
    /// <summary>
    /// Whether a path exists and leads straight down from "/": no "..", and no symbolic link that may have one. False on
    /// kernels without openat2(2), too.
    /// </summary>
    public static bool Is(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path.Contains("..", StringComparison.Ordinal)) return false;
        open_how how = new()
        {
            flags = FileCalls.O_PATH | FileCalls.O_CLOEXEC,
            resolve = OpenHow.RESOLVE_NO_SYMLINKS,
        };
        fixed (byte* name = Utf8.Terminated(path))
        {
            long file = RawCall.Invoke(
                SystemCallNumber.openat2, FileCalls.AT_FDCWD, (nint)name, (nint)(&how), sizeof(open_how));
            if (file < 0) return false;
            new FileDescriptor((int)file).Dispose();
            return true;
        }
    }
}
