using Container.Engine.Configuration;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The limits, id map, capabilities and denied system calls of contained.c and Crabcan. Their limit of kernel memory is
/// left out: Linux has none any more (since 5.16; never on cgroup v2).
/// </summary>
public static class ContainerPresets
{
    private const long Memory = 1024 * 1024 * 1024;

    private static readonly string[] Dropped =
    [
        "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_AUDIT_WRITE", "CAP_BLOCK_SUSPEND", "CAP_DAC_READ_SEARCH",
        "CAP_FSETID", "CAP_IPC_LOCK", "CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE", "CAP_MKNOD", "CAP_SETFCAP", "CAP_SYSLOG",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_WAKE_ALARM",
    ];

    /// <summary>The settings of a preset over those of <paramref name="start"/>.</summary>
    public static ContainerConfiguration Apply(ContainerConfiguration start, ContainerPreset preset)
    {
        ArgumentNullException.ThrowIfNull(start);
        bool crabcan = preset == ContainerPreset.Crabcan;
        return start with
        {
            Memory = Memory,

            // 256 of 1024 shares.
            CpuWeight = 25,
            PidsLimit = 64,
            BlockIOWeight = crabcan ? 50 : 10,
            Ulimit = ["nofile=64:64"],
            UidMap = ["0:10000:2000"],
            GidMap = ["0:10000:2000"],
            CapabilityAdd = ["ALL"],
            CapabilityDrop = crabcan ? [.. Dropped, "CAP_DAC_OVERRIDE"] : Dropped,
            NoNewPrivileges = false,
            SeccompProfile = crabcan ? PresetSeccomp.Crabcan : PresetSeccomp.Contained,
            NameStyle = crabcan ? ContainerNameStyle.AdjectiveNoun : ContainerNameStyle.Tarot,
        };
    }
}
