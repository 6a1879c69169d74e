using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Processes: waitid(2), setns(2), unshare(2), prlimit(2), sched_setaffinity(2), setsid(2),
/// chdir(2), chroot(2), umask(2).</summary>
internal static unsafe partial class ProcessCalls
{
    public const int P_PID = 1;
    public const int P_PIDFD = 3;
    public const int WEXITED = 4;
    public const int WNOHANG = 1;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int kind, int id, SignalInfo* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setns(int fd, int type);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prlimit(int pid, int resource, ulong* value, ulong* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_getaffinity(int pid, nuint length, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setaffinity(int pid, nuint length, ulong* mask);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchdir(int directory);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chroot(string path);

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);

    /// <summary>The part of siginfo_t that waitid(2) fills.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalInfo
    {
        public int Signal;
        public int Error;
        public int Code;
        private readonly int padding;
        public int Pid;
        public uint Uid;
        public int Status;
    }
}
