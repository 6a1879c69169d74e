using Container.Native.Oci;

namespace Container.Native.Tests.Oci;

/// <summary>A configuration in which every member the specification knows has a value.</summary>
internal static class FullDocument
{
    public static OciSpec Create() => new()
    {
        OciVersion = "1.3.0",
        Process = CreateProcess(),
        Root = new OciRoot { Path = "rootfs", Readonly = true },
        Hostname = "host",
        Domainname = "domain",
        Mounts =
        [
            new OciMount
            {
                Destination = "/data",
                Type = "none",
                Source = "/srv/data",
                Options = ["rbind", "ro"],
                UidMappings = [Range(0, 1000, 1)],
                GidMappings = [Range(0, 1000, 1)],
            },
        ],
        Hooks = new OciHooks
        {
            Prestart = [Hook("/prestart")],
            CreateRuntime = [Hook("/createRuntime")],
            CreateContainer = [Hook("/createContainer")],
            StartContainer = [Hook("/startContainer")],
            Poststart = [Hook("/poststart")],
            Poststop = [Hook("/poststop")],
        },
        Annotations = new Dictionary<string, string> { ["org.example/key"] = "värde \"quoted\" 🐧\n" },
        Linux = CreateLinux(),
    };

    public static OciProcess CreateProcess() => new()
    {
        Terminal = true,
        ConsoleSize = new OciBox { Height = 24, Width = 80 },
        User = new OciUser { Uid = 1, Gid = 2, Umask = 18, AdditionalGids = [3, 4] },
        Args = ["/bin/sh", "-c", "true"],
        Env = ["A=b", "C=d=e"],
        Cwd = "/work",
        Capabilities = new OciCapabilities
        {
            Bounding = ["CAP_CHOWN"],
            Effective = ["CAP_KILL"],
            Inheritable = ["CAP_SETUID"],
            Permitted = ["CAP_SETGID"],
            Ambient = ["CAP_FOWNER"],
        },
        Rlimits = [new OciRlimit { Type = "RLIMIT_NOFILE", Hard = ulong.MaxValue, Soft = 64 }],
        NoNewPrivileges = true,
        ApparmorProfile = "profile",
        OomScoreAdj = -500,
        Scheduler = new OciScheduler
        {
            Policy = "SCHED_DEADLINE",
            Nice = -3,
            Priority = 7,
            Flags = ["SCHED_FLAG_RECLAIM"],
            Runtime = 1,
            Deadline = 2,
            Period = 3,
        },
        SelinuxLabel = "label",
        IoPriority = new OciIoPriority { Class = "IOPRIO_CLASS_BE", Priority = 4 },
        ExecCpuAffinity = new OciCpuAffinity { Initial = "0", Final = "0-1,3" },
    };

    private static OciLinux CreateLinux() => new()
    {
        UidMappings = [Range(0, 100_000, 65_536)],
        GidMappings = [Range(0, 200_000, 65_536)],
        Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" },
        Resources = CreateResources(),
        CgroupsPath = "/parent/child",
        Namespaces =
        [
            new OciNamespace { Type = "user" }, new OciNamespace { Type = "network", Path = "/proc/1/ns/net" },
            new OciNamespace { Type = "uts" }, new OciNamespace { Type = "time" },
        ],
        Devices = [new OciDevice { Path = "/dev/fuse", Type = "c", Major = 10, Minor = 229, FileMode = 438, Uid = 5, Gid = 6 }],
        NetDevices = new Dictionary<string, OciNetDevice> { ["eth7"] = new() { Name = "eth0" } },
        Seccomp = new OciSeccomp
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            DefaultErrnoRet = 38,
            Architectures = ["SCMP_ARCH_X86_64"],
            Flags = ["SECCOMP_FILTER_FLAG_LOG"],
            ListenerPath = "/run/listener",
            ListenerMetadata = "metadata",
            Syscalls =
            [
                new OciSyscall
                {
                    Names = ["clone"],
                    Action = "SCMP_ACT_NOTIFY",
                    ErrnoRet = 1,
                    Args = [new OciSeccompArg { Index = 5, Value = ulong.MaxValue, ValueTwo = 9, Op = "SCMP_CMP_MASKED_EQ" }],
                },
            ],
        },
        RootfsPropagation = "rslave",
        MaskedPaths = ["/proc/kcore"],
        ReadonlyPaths = ["/proc/sys"],
        MountLabel = "mount label",
        IntelRdt = new OciIntelRdt
        {
            ClosId = "class",
            Schemata = ["L3:0=f"],
            L3CacheSchema = "L3:0=ff",
            MemBwSchema = "MB:0=50",
            EnableMonitoring = true,
        },
        MemoryPolicy = new OciMemoryPolicy { Mode = "MPOL_BIND", Nodes = "0", Flags = ["MPOL_F_STATIC_NODES"] },
        Personality = new OciPersonality { Domain = "LINUX32", Flags = [] },
        TimeOffsets = new Dictionary<string, OciTimeOffset> { ["boottime"] = new() { Secs = -5, Nanosecs = 6 } },
    };

    private static OciResources CreateResources() => new()
    {
        Devices = [new OciDeviceCgroup { Allow = true, Type = "c", Major = 1, Minor = 3, Access = "rwm" }],
        Memory = new OciMemory
        {
            Limit = 1000,
            Reservation = 900,
            Swap = 2000,
            Kernel = -1,
            KernelTcp = 10,
            Swappiness = 60,
            DisableOomKiller = true,
            UseHierarchy = false,
            CheckBeforeUpdate = true,
        },
        Cpu = new OciCpu
        {
            Shares = 1024,
            Quota = -1,
            Burst = 5,
            Period = 100_000,
            RealtimeRuntime = 950,
            RealtimePeriod = 1000,
            Cpus = "0-1",
            Mems = "0",
            Idle = 1,
        },
        Pids = new OciPids { Limit = 64 },
        BlockIo = new OciBlockIo
        {
            Weight = 10,
            LeafWeight = 1000,
            WeightDevice = [new OciWeightDevice { Major = 8, Minor = 1, Weight = 20, LeafWeight = 30 }],
            ThrottleReadBpsDevice = [Throttle(1)],
            ThrottleWriteBpsDevice = [Throttle(2)],
            ThrottleReadIopsDevice = [Throttle(3)],
            ThrottleWriteIopsDevice = [Throttle(4)],
        },
        HugepageLimits = [new OciHugepageLimit { PageSize = "2MB", Limit = 4096 }],
        Network = new OciNetwork
        {
            ClassId = 1_048_577,
            Priorities = [new OciInterfacePriority { Name = "eth0", Priority = 500 }],
        },
        Rdma = new Dictionary<string, OciRdma> { ["mlx5_1"] = new() { HcaHandles = 3, HcaObjects = 10_000 } },
        Unified = new Dictionary<string, string> { ["memory.high"] = "max" },
    };

    private static OciHook Hook(string path) => new() { Path = path, Args = [path, "x"], Env = ["K=v"], Timeout = 9 };

    private static OciIdMapping Range(uint inside, uint outside, uint size) =>
        new() { ContainerId = inside, HostId = outside, Size = size };

    private static OciThrottleDevice Throttle(ulong rate) => new() { Major = 8, Minor = 0, Rate = rate };
}
