using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>What a process may do: prctl(2), capget(2).</summary>
internal static unsafe partial class Credentials
{
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_NAME = 15;
    public const int PR_SET_CHILD_SUBREAPER = 36;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    // prctl(2) is variadic in C; with integer arguments only, x86-64 and arm64 pass them as a fixed list.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int operation, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int capget(uint* header, Security.CapabilityData* data);
}
