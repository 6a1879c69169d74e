using System.Runtime.Intrinsics.X86;

namespace Container.Native.Syscalls;

/// <summary>
/// Numbers for syscall(2). From 424 on they are the same on every architecture (unistd.h); the older ones differ
/// between x86-64 and arm64.
/// </summary>
internal static class SystemCallNumber
{
    public const int pidfd_send_signal = 424;
    public const int open_tree = 428;
    public const int move_mount = 429;
    public const int fsopen = 430;
    public const int fsconfig = 431;
    public const int fsmount = 432;
    public const int fspick = 433;
    public const int pidfd_open = 434;
    public const int clone3 = 435;
    public const int close_range = 436;
    public const int openat2 = 437;
    public const int pidfd_getfd = 438;
    public const int faccessat2 = 439;
    public const int mount_setattr = 442;
    public const int quotactl_fd = 443;
    public const int fchmodat2 = 452;

    // An intrinsic that the compiler folds: no static state, so that code after clone may use these numbers.
    private static bool X64 => X86Base.X64.IsSupported;

    public static int clone => X64 ? 56 : 220;
    public static int getpid => X64 ? 39 : 172;
    public static int kill => X64 ? 62 : 129;
    public static int rt_sigtimedwait => X64 ? 128 : 137;
    public static int setpgid => X64 ? 109 : 154;
    public static int wait4 => X64 ? 61 : 260;
    public static int read => X64 ? 0 : 63;
    public static int write => X64 ? 1 : 64;
    public static int close => X64 ? 3 : 57;
    public static int ioctl => X64 ? 16 : 29;
    public static int ppoll => X64 ? 271 : 73;
    public static int signalfd4 => X64 ? 289 : 74;
    public static int madvise => X64 ? 28 : 233;
    public static int sendmsg => X64 ? 46 : 211;
    public static int exit_group => X64 ? 231 : 94;
    public static int setfsuid => X64 ? 122 : 151;
    public static int setfsgid => X64 ? 123 : 152;
    public static int umask => X64 ? 95 : 166;
    public static int personality => X64 ? 135 : 92;
    public static int pivot_root => X64 ? 155 : 41;
    public static int prctl => X64 ? 157 : 167;
    public static int mount => X64 ? 165 : 40;
    public static int umount2 => X64 ? 166 : 39;
    public static int sethostname => X64 ? 170 : 161;
    public static int setdomainname => X64 ? 171 : 162;
    public static int setsid => X64 ? 112 : 157;
    public static int setgroups => X64 ? 116 : 159;
    public static int setresuid => X64 ? 117 : 147;
    public static int setresgid => X64 ? 119 : 149;
    public static int capset => X64 ? 126 : 91;
    public static int chdir => X64 ? 80 : 49;
    public static int fchdir => X64 ? 81 : 50;
    public static int chroot => X64 ? 161 : 51;
    public static int keyctl => X64 ? 250 : 219;
    public static int ioprio_set => X64 ? 251 : 30;
    public static int socket => X64 ? 41 : 198;
    public static int unshare => X64 ? 272 : 97;
    public static int mkdirat => X64 ? 258 : 34;
    public static int mknodat => X64 ? 259 : 33;
    public static int symlinkat => X64 ? 266 : 36;
    public static int openat => X64 ? 257 : 56;
    public static int accept4 => X64 ? 288 : 242;
    public static int dup3 => X64 ? 292 : 24;
    public static int prlimit64 => X64 ? 302 : 261;
    public static int setns => X64 ? 308 : 268;
    public static int sched_setattr => X64 ? 314 : 274;
    public static int seccomp => X64 ? 317 : 277;
    public static int execveat => X64 ? 322 : 281;
    public static int execve => X64 ? 59 : 221;
    public static int fchownat => X64 ? 260 : 54;
    public static int fchmod => X64 ? 91 : 52;
    public static int fstat => X64 ? 5 : 80;
    public static int set_mempolicy => X64 ? 238 : 237;
    public static int sched_setaffinity => X64 ? 203 : 122;
    public static int recvmsg => X64 ? 47 : 212;
    public static int faccessat => X64 ? 269 : 48;
    public static int statx => X64 ? 332 : 291;
    public static int readlinkat => X64 ? 267 : 78;
    public static int getdents64 => X64 ? 217 : 61;
    public static int sendfile => X64 ? 40 : 71;
    public static int fchmodat => X64 ? 268 : 53;
    public static int utimensat => X64 ? 280 : 88;
    public static int rt_sigaction => X64 ? 13 : 134;
    public static int rt_sigprocmask => X64 ? 14 : 135;
    public static int fcntl => X64 ? 72 : 25;
    public static int bpf => X64 ? 321 : 280;
}
