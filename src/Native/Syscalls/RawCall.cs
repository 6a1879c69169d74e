using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>
/// syscall(2) as code after clone needs it: no transition of the garbage collector's state, no exception, the error as
/// a negative number. Nothing that blocks for long may be called through it before clone.
/// </summary>
internal static unsafe class RawCall
{
    /// <summary>Runs system call <paramref name="number"/>; returns its result, or -errno.</summary>
    public static long Invoke(
        long number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint result = syscall((nint)number, a, b, c, d, e, f);
        return result == -1 ? -*__errno_location() : result;
    }

    /// <summary>The same for a call that blocks; not for code after clone.</summary>
    public static long Wait(long number, nint a, nint b) => blocking_syscall((nint)number, a, b, 0, 0, 0, 0);

    // syscall(2) is variadic in C; with integer arguments only, x86-64 and arm64 pass them as a fixed list.
    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint blocking_syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int* __errno_location();
}
