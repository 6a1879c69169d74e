using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>umount2(2), for the host's own mount namespace.</summary>
internal static partial class Unmounting
{
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);
}
