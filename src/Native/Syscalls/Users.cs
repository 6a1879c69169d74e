using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Who this process is: credentials(7).</summary>
internal static unsafe partial class Users
{
    public static uint geteuid() => LibC.geteuid();

    public static uint getegid() => LibC.getegid();

    /// <summary>
    /// getauxval(3); AT_SECURE is set where the file of the program gives more rights than the caller has.
    /// </summary>
    [LibraryImport("libc")]
    public static partial nuint getauxval(nuint type);

    public const int AT_SECURE = 23;

    /// <summary>
    /// getpwuid_r(3): what the account database says, wherever it is. Not for psrun, which is linked statically and
    /// cannot load the modules that know.
    /// </summary>
    [LibraryImport("libc")]
    public static partial int getpwuid_r(uint uid, Account* account, byte* buffer, nuint size, Account** result);

    /// <summary>getgrgid_r(3), likewise. The group itself is of no interest: <paramref name="group"/> has room for one.</summary>
    [LibraryImport("libc")]
    public static partial int getgrgid_r(uint gid, void* group, byte* buffer, nuint size, void** result);

    /// <summary>struct passwd.</summary>
    internal struct Account
    {
        public byte* Name;
        public byte* Password;
        public uint Uid;
        public uint Gid;
        public byte* Comment;
        public byte* Home;
        public byte* Shell;
    }
}
