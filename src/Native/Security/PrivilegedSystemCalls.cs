using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// System calls that need a capability of the container, and what is answered without it.
/// </summary>
/// <remarks>
/// The kernel asks for the capability too; the filter keeps the code behind these calls, and its bugs, out of reach.
/// EPERM is for calls whose refusal programs know. ENOSYS is for calls that have an older form to fall back to:
/// mount(8) then tries mount(2) and gives the message everybody knows.
/// </remarks>
internal sealed record PrivilegedSystemCalls(string[] Capabilities, Errno Refusal, params string[] Names)
{
    public static readonly PrivilegedSystemCalls[] All =
    [
        new(["CAP_SYS_ADMIN"], Errno.EPERM, "mount", "umount", "umount2", "pivot_root") { IsOfSandboxes = true },
        new(
            ["CAP_SYS_ADMIN"], Errno.ENOSYS, "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "open_tree_attr",
            "move_mount", "mount_setattr") { IsOfSandboxes = true },
        new(["CAP_SYS_ADMIN"], Errno.EPERM, "setns", "sethostname", "setdomainname") { IsOfSandboxes = true },
        new(
            ["CAP_SYS_ADMIN"], Errno.EPERM, "quotactl", "quotactl_fd", "swapon", "swapoff", "fanotify_init",
            "fanotify_mark", "lookup_dcookie"),

        // Its flags are in memory, out of a filter's sight; the C library falls back to clone(2), whose are not.
        new(["CAP_SYS_ADMIN"], Errno.ENOSYS, "clone3") { IsOfSandboxes = true },

        new(["CAP_SYS_CHROOT"], Errno.EPERM, "chroot") { IsOfSandboxes = true },
        new(["CAP_DAC_READ_SEARCH"], Errno.EPERM, "open_by_handle_at"), // "Shocker": opens any file of the file system
        new(
            ["CAP_SYS_PTRACE"], Errno.EPERM, "kcmp", "pidfd_getfd", "process_madvise", "process_mrelease",
            "userfaultfd"), // userfaultfd(2) holds the kernel in mid-copy: the tool of many exploits
        new(["CAP_BPF", "CAP_SYS_ADMIN"], Errno.EPERM, "bpf"),
        new(["CAP_PERFMON", "CAP_SYS_ADMIN"], Errno.EPERM, "perf_event_open"),
        new(["CAP_SYSLOG", "CAP_SYS_ADMIN"], Errno.EPERM, "syslog"), // the kernel's log is the host's
        new(["CAP_SYS_MODULE"], Errno.EPERM, "init_module", "finit_module", "delete_module"),
        new(["CAP_SYS_BOOT"], Errno.EPERM, "reboot"),
        new(["CAP_SYS_PACCT"], Errno.EPERM, "acct"),
        new(["CAP_SYS_RAWIO"], Errno.EPERM, "iopl", "ioperm"),
        new(["CAP_SYS_TIME"], Errno.EPERM, "settimeofday", "stime", "clock_settime", "clock_settime64"),
        new(["CAP_SYS_TTY_CONFIG"], Errno.EPERM, "vhangup"),
        new(["CAP_SYS_NICE"], Errno.EPERM, "migrate_pages", "move_pages"),

        // No capability of a container is a reason for these. io_uring does file and network calls that no filter sees
        // and has had more than its share of bugs. Its users know kernels without it, and do with epoll or threads there.
        new([], Errno.ENOSYS, "io_uring_setup", "io_uring_enter", "io_uring_register"),
        new([], Errno.EPERM, "kexec_load", "kexec_file_load", "vmsplice"),

        // As on a kernel without keyrings, which is what pam_keyinit and Kerberos know to do without. The keys belong
        // to the user, not to the container.
        new([], Errno.ENOSYS, "keyctl", "add_key", "request_key"),
    ];

    /// <summary>
    /// What a program needs that makes a sandbox out of namespaces: it has the capability in a user namespace of its own,
    /// not in the container's.
    /// </summary>
    public bool IsOfSandboxes { get; private init; }

    public bool IsGranted(CapabilitySet held, bool nesting = false)
    {
        if (nesting && IsOfSandboxes) return true;
        foreach (string capability in Capabilities)
        {
            if (held.Contains(capability)) return true;
        }

        return false;
    }
}
