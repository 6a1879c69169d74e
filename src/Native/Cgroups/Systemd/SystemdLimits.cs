using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Oci.Validation;

namespace Container.Native.Cgroups.Systemd;

/// <summary>
/// Limits as properties of a unit (systemd.resource-control(5)). They are written to the cgroup as well: this is so that
/// systemd knows them, and does not undo them when it next looks at its units. What it has no property for stays with
/// the cgroup alone, device rules among them: their eBPF program is ours, and DevicePolicy=auto leaves it.
/// </summary>
internal static class SystemdLimits
{
    // systemd takes CPUQuotaPerSecUSec in steps of 10 ms.
    private const ulong QuotaStep = 10_000;
    private const ulong DefaultPeriod = 100_000;

    public static List<SystemdProperty> Create(OciResources resources, bool unified)
    {
        List<SystemdProperty> properties = [];
        if (resources.Pids?.Limit is { } pids)
            properties.Add(SystemdProperty.Limit("TasksMax", pids == 0 ? 1 : pids));
        if (resources.Memory is { } memory) AddMemory(properties, memory, unified);
        if (resources.Cpu is { } cpu) AddCpu(properties, cpu, unified);
        if (resources.BlockIo?.Weight is { } weight and not 0)
        {
            properties.Add(unified
                ? SystemdProperty.Number("IOWeight", CgroupConversion.BlockWeightToIoWeight(weight))
                : SystemdProperty.Number("BlockIOWeight", weight));
        }

        return properties;
    }

    private static void AddMemory(List<SystemdProperty> properties, OciMemory memory, bool unified)
    {
        if (memory.Limit is { } limit and not 0)
            properties.Add(SystemdProperty.Limit(unified ? "MemoryMax" : "MemoryLimit", limit));
        if (!unified) return;
        if (memory.Reservation is { } low and not 0) properties.Add(SystemdProperty.Limit("MemoryLow", low));
        if (CgroupConversion.SwapOnly(memory.Limit, memory.Swap) is { } swap)
            properties.Add(SystemdProperty.Limit("MemorySwapMax", swap));
    }

    private static void AddCpu(List<SystemdProperty> properties, OciCpu cpu, bool unified)
    {
        if (cpu.Shares is { } shares and not 0)
        {
            properties.Add(unified
                ? SystemdProperty.Number("CPUWeight", CgroupConversion.SharesToWeight(shares))
                : SystemdProperty.Number("CPUShares", shares));
        }

        ulong period = cpu.Period is null or 0 ? DefaultPeriod : cpu.Period.Value;
        if (period != DefaultPeriod) properties.Add(SystemdProperty.Number("CPUQuotaPeriodUSec", period));
        if (cpu.Quota is { } quota and not 0)
        {
            UInt128 perSecond = quota < 0 ? ulong.MaxValue : (UInt128)quota * 1_000_000 / period;
            if (quota > 0) perSecond = (perSecond + QuotaStep - 1) / QuotaStep * QuotaStep;
            properties.Add(SystemdProperty.Number("CPUQuotaPerSecUSec", (ulong)perSecond));
        }

        if (!unified) return;
        if (!string.IsNullOrEmpty(cpu.Cpus))
            properties.Add(SystemdProperty.Mask("AllowedCPUs", NumberList.ToMask(cpu.Cpus)));
        if (!string.IsNullOrEmpty(cpu.Mems))
            properties.Add(SystemdProperty.Mask("AllowedMemoryNodes", NumberList.ToMask(cpu.Mems)));
    }
}
