using Container.Native.Oci;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>
/// Whether a part of the resources asks for anything. Engines send empty parts, and 0 for "not set" as the Go types of
/// the specification once had it; such a part must not fail on a host that lacks the controller.
/// </summary>
internal static class ResourceNeeds
{
    public static bool Memory(OciMemory? memory) =>
        memory is not null &&
        (memory.Limit is not (null or 0) || memory.Swap is not (null or 0) || memory.Reservation is not (null or 0) ||
         memory.KernelTcp is not (null or 0) || memory.Swappiness is not null || memory.DisableOomKiller is true);

    public static bool Cpu(OciCpu? cpu) =>
        cpu is not null &&
        (cpu.Shares is not (null or 0) || cpu.Quota is not (null or 0) || cpu.Period is not (null or 0) ||
         cpu.Burst is not null || cpu.Idle is not null || cpu.RealtimeRuntime is not (null or 0) ||
         cpu.RealtimePeriod is not (null or 0));

    public static bool Cpuset(OciCpu? cpu) => !string.IsNullOrEmpty(cpu?.Cpus) || !string.IsNullOrEmpty(cpu?.Mems);

    public static bool Throttle(OciBlockIo? io) =>
        io is not null &&
        (io.ThrottleReadBpsDevice is { Count: > 0 } || io.ThrottleWriteBpsDevice is { Count: > 0 } ||
         io.ThrottleReadIopsDevice is { Count: > 0 } || io.ThrottleWriteIopsDevice is { Count: > 0 });

    public static bool Weight(OciBlockIo? io) =>
        io is not null &&
        (io.Weight is not (null or 0) || io.LeafWeight is not (null or 0) || io.WeightDevice is { Count: > 0 });
}
