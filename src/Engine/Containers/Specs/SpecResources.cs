using Container.Engine.Cgroups;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>What the control group limits.</summary>
internal static class SpecResources
{
    private const long CpuPeriod = 100_000;

    // The kernel refuses less (cpu.max, cpu.cfs_quota_us).
    private const long MinimumQuota = 1000;
    private const long MinimumMemory = 512 * 1024;

    public static OciResources Build(ContainerConfiguration configuration) => new()
    {
        Devices = SpecDevices.Rules(configuration),
        Memory = Memory(configuration),
        Cpu = Cpu(configuration),
        Pids = Pids(configuration.PidsLimit),
        BlockIo = BlockIo(configuration),
        Unified = configuration.CpuWeight is long weight && CgroupHost.Mode == "v2"
            ? new Dictionary<string, string> { ["cpu.weight"] = $"{Weight(weight)}" }
            : null,
    };

    private static OciMemory? Memory(ContainerConfiguration configuration)
    {
        if (configuration.Memory is null && configuration.MemorySwap is null && configuration.MemoryReservation is null)
            return null;
        CgroupAccess.Require("memory", "memory");
        if (configuration.Memory is < MinimumMemory)
            throw EngineException.Invalid(
                $"A container needs {MinimumMemory} bytes of memory at least.", configuration.Memory);
        if (configuration.MemoryReservation is < 0 || configuration.MemoryReservation > configuration.Memory)
            throw EngineException.Invalid(
                "The memory reservation is not within 0 and the limit.", configuration.MemoryReservation);
        if (configuration.MemorySwap is not null and not -1)
        {
            if (configuration.Memory is null)
                throw EngineException.Invalid(
                    "A limit of memory and swap needs a limit of memory.", configuration.MemorySwap);
            if (configuration.MemorySwap < configuration.Memory)
                throw EngineException.Invalid(
                    "The limit of memory and swap is below that of memory.", configuration.MemorySwap);
        }

        return new OciMemory
        {
            Limit = configuration.Memory,
            Reservation = configuration.MemoryReservation,
            Swap = configuration.MemorySwap ?? DefaultSwap(configuration.Memory),
        };
    }

    // A host without swap, or without accounting of it, has no such limit to set.
    private static long? DefaultSwap(long? memory) =>
        memory is long limit && limit <= long.MaxValue / 2 && File.Exists("/proc/swaps")
            && File.ReadLines("/proc/swaps").Skip(1).Any() ? limit * 2 : null;

    private static OciCpu? Cpu(ContainerConfiguration configuration)
    {
        if (configuration.Cpu is null && configuration.CpuSet is null && configuration.CpuWeight is null) return null;
        if (configuration.CpuSet is not null) CgroupAccess.Require("cpuset", "processors");
        if (configuration.Cpu is not null || configuration.CpuWeight is not null)
            CgroupAccess.Require("cpu", "processor time");
        ulong? shares = configuration.CpuWeight is long weight && CgroupHost.Mode != "v2"
            ? Shares(Weight(weight))
            : null;
        return new OciCpu
        {
            Quota = configuration.Cpu is double cpu ? Quota(cpu) : null,
            Period = configuration.Cpu is null ? null : (ulong)CpuPeriod,
            Cpus = CpuSet(configuration.CpuSet),
            Shares = shares,
        };
    }

    private static long Quota(double cpu)
    {
        double quota = cpu * CpuPeriod;
        if (!double.IsFinite(cpu) || quota < MinimumQuota || cpu > Environment.ProcessorCount)
        {
            throw EngineException.Invalid(
                $"The number of processors is not within 0.01 and {Environment.ProcessorCount}, what the host has.",
                cpu);
        }

        return (long)Math.Round(quota);
    }

    private static long Weight(long weight) =>
        weight is >= 1 and <= 10000
            ? weight
            : throw EngineException.Invalid("The processor weight is not within 1 and 10000.", weight);

    // Both default to "one share": 100 in the one scale, 1024 in the other.
    private static ulong Shares(long weight) => (ulong)Math.Clamp(weight * 1024 / 100, 2, 262144);

    private static string? CpuSet(string? text)
    {
        if (text is null) return null;
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(end => end.Length is > 0 and < 6 && end.All(char.IsAsciiDigit)))
                throw EngineException.Invalid($"'{text}' is no list of processors: use a form like 0-3,5.", text);
        }

        return text;
    }

    private static OciPids? Pids(long? limit)
    {
        // Nobody asked for the default, and a limit of the user's processes holds too.
        if (limit is null && !CgroupAccess.CanLimit("pids")) return null;
        if (limit is > 0) CgroupAccess.Require("pids", "processes");
        return CheckedPids(limit);
    }

    private static OciPids CheckedPids(long? limit) => limit switch
    {
        null => new OciPids { Limit = ContainerDefaults.PidsLimit },
        -1 or > 0 => new OciPids { Limit = limit },
        _ => throw EngineException.Invalid("The limit of processes is neither positive nor -1.", limit),
    };

    private static OciBlockIo? BlockIo(ContainerConfiguration configuration)
    {
        if (configuration is
            {
                BlockIOWeight: null,
                DeviceReadBps: null,
                DeviceWriteBps: null,
                DeviceReadIops: null,
                DeviceWriteIops: null,
            })
            return null;
        CgroupAccess.Require("io", "block devices");
        if (configuration.BlockIOWeight is < 10 or > 1000)
            throw EngineException.Invalid(
                "The block device weight is not within 10 and 1000.", configuration.BlockIOWeight);
        return new OciBlockIo
        {
            Weight = (ushort?)configuration.BlockIOWeight,
            ThrottleReadBpsDevice = Throttle(configuration.DeviceReadBps),
            ThrottleWriteBpsDevice = Throttle(configuration.DeviceWriteBps),
            ThrottleReadIopsDevice = Throttle(configuration.DeviceReadIops),
            ThrottleWriteIopsDevice = Throttle(configuration.DeviceWriteIops),
        };
    }

    private static List<OciThrottleDevice>? Throttle(IReadOnlyDictionary<string, long>? rates)
    {
        if (rates is null) return null;
        List<OciThrottleDevice> devices = [];
        foreach ((string path, long rate) in rates)
        {
            if (rate < 0) throw EngineException.Invalid($"The rate of '{path}' is negative.", path);
            (uint major, uint minor) = SpecDevices.BlockDevice(path);
            devices.Add(new OciThrottleDevice { Major = major, Minor = minor, Rate = (ulong)rate });
        }

        return devices;
    }
}
