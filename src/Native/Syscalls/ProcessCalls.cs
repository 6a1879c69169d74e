using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Processes: waitid(2), setns(2), unshare(2), prlimit(2), sched_setaffinity(2), setsid(2),
/// chdir(2), chroot(2), umask(2).</summary>
internal static unsafe partial class ProcessCalls
{
    public const int P_PID = 1;
    public const int P_PIDFD = 3;
    public const int WEXITED = 4;
    public const int WNOHANG = 1;

    public static int CLD_EXITED => LibC.CLD_EXITED;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int kind, int id, SignalInfo* info, int options);

    public static int setns(int fd, int type) => LibC.setns(fd, type);

    public static int unshare(int flags) => LibC.unshare(flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prlimit(int pid, int resource, ulong* value, ulong* old);

    public static int setsid() => LibC.setsid();

    public static void sched_yield() => _ = LibC.sched_yield();

    // A host may have more processors than cpu_set_t has bits.
    public static int sched_getaffinity(int pid, nuint length, ulong* mask) =>
        LibC.sched_getaffinity(pid, (size_t)(ulong)length, (cpu_set_t*)mask);

    public static int sched_setaffinity(int pid, nuint length, ulong* mask) =>
        LibC.sched_setaffinity(pid, (size_t)(ulong)length, (cpu_set_t*)mask);

    public static int chdir(string path)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return LibC.chdir(name.Start);
    }

    public static int fchdir(int directory) => LibC.fchdir(directory);

    public static int chroot(string path)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return LibC.chroot(name.Start);
    }

    public static uint umask(uint mask) => (ushort)LibC.umask((ushort)mask);

    /// <summary>
    /// struct siginfo_t of waitid(2), the part that it fills. That of Tmds.LibC has si_errno and si_code the wrong way
    /// round.
    /// </summary>
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
