using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Who this process is: credentials(7).</summary>
internal static partial class Users
{
    public static uint geteuid() => LibC.geteuid();

    public static uint getegid() => LibC.getegid();

    /// <summary>
    /// getauxval(3); AT_SECURE is set where the file of the program gives more rights than the caller has.
    /// </summary>
    [LibraryImport("libc")]
    public static partial nuint getauxval(nuint type);

    public const int AT_SECURE = 23;
}
