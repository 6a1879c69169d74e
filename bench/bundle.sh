# The bundles that bench/run.sh measures on. To be sourced.

# write_bundle DIRECTORY full|plain COMMAND…: one busybox root, mounts and masks as every engine sends them. "full" adds
# what the module has on by default: a user namespace of the container's own, a seccomp filter that denies by default,
# limits of memory and processes.
write_bundle() {
    local directory=$1 kind=$2
    shift 2
    local program path uid=0
    [ "$kind" = full ] && uid=1000000
    mkdir -p "$directory"/rootfs/{bin,dev,proc,sys,tmp,run,etc}
    cp "$(command -v busybox)" "$directory/rootfs/bin/busybox"
    for program in sh true sleep id; do ln -sf busybox "$directory/rootfs/bin/$program"; done
    chown -R "$uid:$uid" "$directory/rootfs"

    local arguments="" namespaces='{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"},{"type":"network"},{"type":"cgroup"}'
    for path in "$@"; do arguments+=",\"$path\""; done
    local extra=""
    if [ "$kind" = full ]; then
        namespaces+=',{"type":"user"}'
        extra="\"uidMappings\": [{\"containerID\":0,\"hostID\":$uid,\"size\":65536}],
    \"gidMappings\": [{\"containerID\":0,\"hostID\":$uid,\"size\":65536}],
    \"seccomp\": $(seccomp_profile),
    \"resources\": {\"devices\": [{\"allow\":false,\"access\":\"rwm\"}], \"memory\": {\"limit\":268435456}, \"pids\": {\"limit\":512}},"
    fi

    cat > "$directory/config.json" <<END
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false, "user": {"uid":0,"gid":0}, "args": [${arguments#,}], "cwd": "/", "noNewPrivileges": true,
    "env": ["PATH=/bin", "TERM=xterm"],
    "capabilities": {
      "bounding": ["CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"],
      "effective": ["CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"],
      "permitted": ["CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"]
    },
    "rlimits": [{"type":"RLIMIT_NOFILE","hard":1024,"soft":1024}]
  },
  "root": {"path":"rootfs","readonly":true},
  "hostname": "bench",
  "mounts": [
    {"destination":"/proc","type":"proc","source":"proc"},
    {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755","size=65536k"]},
    {"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620"]},
    {"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","noexec","nodev","mode=1777","size=65536k"]},
    {"destination":"/dev/mqueue","type":"mqueue","source":"mqueue","options":["nosuid","noexec","nodev"]},
    {"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]},
    {"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","relatime","ro"]}
  ],
  "linux": {
    $extra
    "namespaces": [$namespaces],
    "maskedPaths": ["/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/sys/firmware","/proc/scsi"],
    "readonlyPaths": ["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]
  }
}
END
}

# The size of the field's default profiles (some 300 names, a few with arguments), so that compiling costs what it does.
seccomp_profile() {
    local names=(accept accept4 access adjtimex alarm bind brk capget capset chdir chmod chown clock_adjtime
        clock_getres clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3
        epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit
        exit_group faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchown fchownat fcntl
        fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futimesat
        getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid
        getppid getpriority getrandom getresgid getresuid getrlimit get_robust_list getrusage getsid getsockname
        getsockopt get_thread_area gettid gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1
        inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents ioprio_get ioprio_set io_setup io_submit
        kill lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek lsetxattr lstat madvise membarrier
        memfd_create mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mq_getsetattr mq_notify
        mq_open mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock munlockall munmap
        nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 poll ppoll prctl pread64
        preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat
        readv recvfrom recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq
        rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
        rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min
        sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler
        sched_yield seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto setfsgid setfsuid setgid
        setgroups setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit set_robust_list setsid
        setsockopt set_thread_area set_tid_address setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd
        signalfd4 socketpair splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time
        timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime
        timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid
        write writev arch_prctl)
    printf '{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_%s"],"syscalls":[{"names":[' \
        "$(uname -m | sed 's/x86_64/X86_64/; s/aarch64/AARCH64/')"
    printf '"%s",' "${names[@]}" | sed 's/,$//'
    printf '],"action":"SCMP_ACT_ALLOW"},'
    printf '{"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":0,"op":"SCMP_CMP_EQ"}]},'
    printf '{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]},'
    printf '{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":40,"op":"SCMP_CMP_NE"}]}]}'
}
