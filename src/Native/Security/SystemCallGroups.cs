namespace Container.Native.Security;

/// <summary>
/// System calls every container may make, by what they are for. Names are those of syscalls(2); libseccomp passes over
/// the ones an architecture does not have. What is in no table of this class or of
/// <see cref="PrivilegedSystemCalls"/> does not exist for the container: it returns ENOSYS.
/// </summary>
internal static class SystemCallGroups
{
    public static readonly string[] Files =
    [
        "read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "preadv2", "pwritev", "pwritev2",
        "open", "openat", "openat2", "creat", "close", "close_range", "lseek", "dup", "dup2", "dup3", "fcntl", "flock",
        "pipe", "pipe2", "sendfile", "splice", "tee", "copy_file_range",
        "truncate", "ftruncate", "fallocate", "fadvise64", "readahead", "cachestat",
        "sync", "syncfs", "fsync", "fdatasync", "sync_file_range",
        "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
        "io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents", "io_pgetevents",
    ];

    // mknod(2) is what mkfifo(3) calls; the kernel asks for CAP_MKNOD where a device is made. name_to_handle_at(2) only
    // names: opening a handle is what leads out of a container.
    public static readonly string[] Directories =
    [
        "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
        "getdents", "getdents64", "getcwd", "chdir", "fchdir", "statfs", "fstatfs", "statmount", "listmount",
        "mkdir", "mkdirat", "rmdir", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat",
        "rename", "renameat", "renameat2", "mknod", "mknodat", "name_to_handle_at",
        "umask", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
        "utime", "utimes", "futimesat", "utimensat", "file_getattr", "file_setattr",
        "getxattr", "lgetxattr", "fgetxattr", "getxattrat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat",
        "listxattr", "llistxattr", "flistxattr", "listxattrat",
        "removexattr", "lremovexattr", "fremovexattr", "removexattrat",
    ];

    // The memory policy calls change the caller's own placement only.
    public static readonly string[] Memory =
    [
        "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "msync", "mincore", "mseal", "remap_file_pages",
        "mlock", "mlock2", "munlock", "mlockall", "munlockall", "membarrier", "memfd_create", "memfd_secret",
        "pkey_alloc", "pkey_free", "pkey_mprotect", "map_shadow_stack",
        "get_mempolicy", "set_mempolicy", "set_mempolicy_home_node", "mbind",
    ];

    // ptrace(2): from Linux 4.8 on a tracer cannot get round the filter, and clone3(2), which we need, is newer.
    public static readonly string[] Processes =
    [
        "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid",
        "kill", "tkill", "tgkill", "pidfd_open", "pidfd_send_signal",
        "ptrace", "process_vm_readv", "process_vm_writev",
        "getpid", "getppid", "gettid", "getpgid", "setpgid", "getpgrp", "getsid", "setsid", "set_tid_address",
        "set_robust_list", "get_robust_list", "rseq", "prctl", "arch_prctl", "getcpu",
        "getrlimit", "setrlimit", "prlimit64", "getrusage", "times", "getpriority", "setpriority",
        "sched_yield", "sched_getparam", "sched_setparam", "sched_getscheduler", "sched_setscheduler",
        "sched_get_priority_max", "sched_get_priority_min", "sched_rr_get_interval",
        "sched_getaffinity", "sched_setaffinity", "sched_getattr", "sched_setattr", "ioprio_get", "ioprio_set",
        "futex", "futex_wait", "futex_wake", "futex_requeue", "futex_waitv",
    ];

    public static readonly string[] Identity =
    [
        "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups",
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
        "capget", "capset", "lsm_get_self_attr", "lsm_list_modules",
        "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    ];

    public static readonly string[] Signals =
    [
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigqueueinfo",
        "rt_tgsigqueueinfo", "rt_sigsuspend", "sigaltstack", "signalfd", "signalfd4", "pause", "restart_syscall",
    ];

    // adjtimex(2) reads for everybody; the kernel asks for CAP_SYS_TIME where it would set.
    public static readonly string[] Time =
    [
        "time", "gettimeofday", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "adjtimex",
        "clock_adjtime", "alarm", "getitimer", "setitimer", "timer_create", "timer_delete", "timer_settime",
        "timer_gettime", "timer_getoverrun", "timerfd_create", "timerfd_settime", "timerfd_gettime",
    ];

    public static readonly string[] Waiting =
    [
        "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
        "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2",
    ];

    // socket(2) and socketpair(2) are not here: their families are chosen in DefaultSeccompProfile.
    public static readonly string[] Sockets =
    [
        "bind", "connect", "listen", "accept", "accept4", "getsockname", "getpeername", "getsockopt", "setsockopt",
        "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "shutdown",
    ];

    public static readonly string[] Communication =
    [
        "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl",
        "msgget", "msgsnd", "msgrcv", "msgctl",
        "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr",
    ];

    public static readonly string[] Machine = ["uname", "sysinfo", "getrandom"];

    /// <summary>What the calls above are called where a word has 32 bits, and what only such programs need.</summary>
    public static readonly string[] Compatibility32 =
    [
        "_llseek", "_newselect", "mmap2", "readdir", "waitpid", "send", "recv", "sendfile64", "fcntl64", "ugetrlimit",
        "stat64", "lstat64", "fstat64", "fstatat64", "statfs64", "fstatfs64", "truncate64", "ftruncate64",
        "fadvise64_64", "arm_fadvise64_64", "sync_file_range2", "arm_sync_file_range",
        "chown32", "fchown32", "lchown32", "getuid32", "geteuid32", "getgid32", "getegid32", "getresuid32",
        "getresgid32", "getgroups32", "setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32",
        "setfsuid32", "setfsgid32", "setgroups32",
        "signal", "sigaction", "sigpending", "sigprocmask", "sigreturn", "sigsuspend",
        "clock_gettime64", "clock_getres_time64", "clock_nanosleep_time64", "clock_adjtime64", "utimensat_time64",
        "timer_gettime64", "timer_settime64", "timerfd_gettime64", "timerfd_settime64", "futex_time64", "ppoll_time64",
        "pselect6_time64", "recvmmsg_time64", "rt_sigtimedwait_time64", "sched_rr_get_interval_time64",
        "semtimedop_time64", "mq_timedsend_time64", "mq_timedreceive_time64", "io_pgetevents_time64",
        "set_thread_area", "get_thread_area", "modify_ldt", "set_tls", "cacheflush", "breakpoint",
    ];

    public static readonly string[][] All =
    [
        Files, Directories, Memory, Processes, Identity, Signals, Time, Waiting, Sockets, Communication, Machine,
    ];
}
