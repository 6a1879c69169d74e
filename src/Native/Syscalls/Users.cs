using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Who this process is: credentials(7).</summary>
internal static partial class Users
{
    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc")]
    public static partial uint getegid();
}
