using Container.Engine.Configuration;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// Limits of a container that are to be others. Devices stay as they are, and what the configuration does not say stays
/// as the bundle says it. A limit that is lifted is written as the kernel's own value for none: the control group may
/// be there and have the old one.
/// </summary>
/// <param name="old">What the bundle says.</param>
/// <param name="wanted">What is to be.</param>
/// <param name="lifted">The names of those of its settings that are to be no limit any more.</param>
internal sealed class SpecLimitChange(
    OciResources old, ContainerConfiguration wanted, IReadOnlySet<string> lifted)
{
    private const ulong UsualShares = 1024;
    private const string UsualWeight = "100";

    private readonly bool isUnified = CgroupHost.Mode == "v2";

    public OciResources Build(string cgroupsPath)
    {
        OciResources made = SpecResources.Build(wanted);
        return old with
        {
            Memory = Memory(old.Memory ?? new OciMemory(), made.Memory ?? new OciMemory()),
            Cpu = Cpu(old.Cpu ?? new OciCpu(), made.Cpu ?? new OciCpu(), cgroupsPath),
            Pids = wanted.PidsLimit is null ? old.Pids : made.Pids,
            BlockIo = BlockIo(old.BlockIo ?? new OciBlockIo(), made.BlockIo ?? new OciBlockIo()),
            Unified = Unified(made.Unified),
        };
    }

    private bool Lifts(string setting) => lifted.Contains(setting);

    private OciMemory Memory(OciMemory before, OciMemory made) => before with
    {
        Limit = Lifts(nameof(wanted.Memory)) ? Unlimited(before.Limit) : made.Limit ?? before.Limit,
        Reservation = Lifts(nameof(wanted.MemoryReservation))
            ? isUnified ? null : Unlimited(before.Reservation)
            : made.Reservation ?? before.Reservation,

        // One of memory and swap that follows from that of memory goes with it.
        Swap = made.Swap ?? (Lifts(nameof(wanted.MemorySwap)) || Lifts(nameof(wanted.Memory))
            ? Unlimited(before.Swap)
            : before.Swap),
    };

    private OciCpu Cpu(OciCpu before, OciCpu made, string cgroupsPath) => before with
    {
        Quota = Lifts(nameof(wanted.Cpu)) ? Unlimited(before.Quota) : made.Quota ?? before.Quota,
        Period = made.Period ?? before.Period,
        Cpus = Lifts(nameof(wanted.CpuSet)) && before.Cpus is not null
            ? AllProcessors(cgroupsPath)
            : made.Cpus ?? before.Cpus,
        Shares = !Lifts(nameof(wanted.CpuWeight)) ? made.Shares ?? before.Shares
            : before.Shares is null || isUnified ? null
            : UsualShares,
    };

    private OciBlockIo BlockIo(OciBlockIo before, OciBlockIo made) => before with
    {
        // Where it is not BFQ that weighs, the next start has the kernel's own.
        Weight = Lifts(nameof(wanted.BlockIOWeight))
            ? before.Weight is null || isUnified ? null : ushort.Parse(UsualWeight)
            : made.Weight ?? before.Weight,
        ThrottleReadBpsDevice =
            Rates(nameof(wanted.DeviceReadBps), before.ThrottleReadBpsDevice, made.ThrottleReadBpsDevice),
        ThrottleWriteBpsDevice =
            Rates(nameof(wanted.DeviceWriteBps), before.ThrottleWriteBpsDevice, made.ThrottleWriteBpsDevice),
        ThrottleReadIopsDevice =
            Rates(nameof(wanted.DeviceReadIops), before.ThrottleReadIopsDevice, made.ThrottleReadIopsDevice),
        ThrottleWriteIopsDevice =
            Rates(nameof(wanted.DeviceWriteIops), before.ThrottleWriteIopsDevice, made.ThrottleWriteIopsDevice),
    };

    private IReadOnlyList<OciThrottleDevice>? Rates(
        string setting, IReadOnlyList<OciThrottleDevice>? before, IReadOnlyList<OciThrottleDevice>? made) =>
        Lifts(setting) ? before?.Select(device => device with { Rate = 0 }).ToList() : made ?? before;

    private IReadOnlyDictionary<string, string>? Unified(IReadOnlyDictionary<string, string>? made)
    {
        if (!isUnified) return old.Unified;
        Dictionary<string, string> keys = new(old.Unified ?? new Dictionary<string, string>());
        foreach ((string key, string value) in made ?? new Dictionary<string, string>()) keys[key] = value;
        if (Lifts(nameof(wanted.CpuWeight)) && keys.ContainsKey("cpu.weight")) keys["cpu.weight"] = UsualWeight;

        // "max", which a reservation of -1 would be, protects all memory from being reclaimed.
        if (Lifts(nameof(wanted.MemoryReservation)) && old.Memory?.Reservation is not null) keys["memory.low"] = "0";
        else if (wanted.MemoryReservation is not null) keys.Remove("memory.low");
        return keys.Count > 0 ? keys : null;
    }

    private static long? Unlimited(long? before) => before is null ? null : -1;

    // A cpuset of version 1 has to say which, and can have no others than the one above it.
    private static string AllProcessors(string cgroupsPath)
    {
        string? mount = CgroupHost.Current.Find("cpuset")?.MountPoint;
        string parent = $"{mount}{Path.GetDirectoryName(cgroupsPath)}/cpuset.cpus";
        string inherited = mount is not null && File.Exists(parent) ? File.ReadAllText(parent).Trim() : "";
        return inherited.Length > 0 ? inherited : File.ReadAllText("/sys/devices/system/cpu/online").Trim();
    }
}
