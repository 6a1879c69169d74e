using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Oci.Documents;

/// <summary>The configuration to start from: a shell in a container as runc's, read-only and unprivileged.</summary>
public static class DefaultSpec
{
    /// <summary>For root.</summary>
    public static OciSpec Create() => new()
    {
        // The oldest version that has all that is said here: other runtimes refuse what is newer than they are.
        OciVersion = "1.0.2",
        Process = CreateProcess(),
        Root = new OciRoot { Path = "rootfs", Readonly = true },
        Hostname = "psrun",
        Mounts =
        [
            Mount("/proc", "proc"),
            Mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            Mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            Mount("/sys/fs/cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ],
        Linux = new OciLinux
        {
            Resources = new OciResources { Devices = [new OciDeviceCgroup { Allow = false, Access = "rwm" }] },
            Namespaces =
            [
                new OciNamespace { Type = "pid" }, new OciNamespace { Type = "network" },
                new OciNamespace { Type = "ipc" }, new OciNamespace { Type = "uts" },
                new OciNamespace { Type = "mount" }, new OciNamespace { Type = "cgroup" },
            ],
            MaskedPaths = DefaultPaths.Masked,
            ReadonlyPaths = DefaultPaths.ReadOnly,
        },
    };

    /// <summary>
    /// For the user this process runs as, who is not root: one mapped id, the host's network and /sys, no limits.
    /// </summary>
    public static OciSpec CreateRootless()
    {
        OciSpec spec = Create();
        List<OciMount> mounts = [];
        foreach (OciMount mount in spec.Mounts!)
        {
            switch (mount.Destination)
            {
                case "/dev/pts":
                    mounts.Add(Mount(
                        "/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
                    break;
                case "/sys":
                    // A sysfs can be mounted only by the owner of the network namespace.
                    mounts.Add(new OciMount
                    {
                        Destination = "/sys",
                        Type = "none",
                        Source = "/sys",
                        Options = ["rbind", "nosuid", "noexec", "nodev", "ro"],
                    });
                    break;
                case "/sys/fs/cgroup":
                    break;
                default:
                    mounts.Add(mount);
                    break;
            }
        }

        List<OciNamespace> namespaces = [];
        foreach (OciNamespace item in spec.Linux!.Namespaces!)
        {
            if (item.Type != "network") namespaces.Add(item);
        }

        namespaces.Add(new OciNamespace { Type = "user" });
        return spec with
        {
            Mounts = mounts,
            Linux = spec.Linux with
            {
                Resources = null,
                Namespaces = namespaces,
                UidMappings = [new OciIdMapping { ContainerId = 0, HostId = Users.geteuid(), Size = 1 }],
                GidMappings = [new OciIdMapping { ContainerId = 0, HostId = Users.getegid(), Size = 1 }],
            },
        };
    }

    private static OciProcess CreateProcess()
    {
        string[] capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
        return new OciProcess
        {
            Terminal = true,
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Cwd = "/",
            Capabilities = new OciCapabilities
            {
                Bounding = capabilities,
                Effective = capabilities,
                Permitted = capabilities,
            },
            Rlimits = [new OciRlimit { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
            NoNewPrivileges = true,
        };
    }

    private static OciMount Mount(string destination, string type, params string[] options) => new()
    {
        Destination = destination,
        Type = type,
        Source = destination == "/dev/shm" ? "shm" : type,
        Options = options.Length == 0 ? null : options,
    };
}
