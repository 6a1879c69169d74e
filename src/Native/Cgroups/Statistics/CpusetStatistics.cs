using System.Globalization;
using Container.Native.Cgroups.Hierarchies;

namespace Container.Native.Cgroups.Statistics;

/// <summary>The processors and memory nodes of a cgroup.</summary>
public sealed record CpusetStatistics
{
    private static readonly string[] FlagNames =
    [
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab",
        "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
    ];

    /// <summary>Its processors.</summary>
    public IReadOnlyList<uint> Processors { get; init; } = [];

    /// <summary>Its memory nodes.</summary>
    public IReadOnlyList<uint> MemoryNodes { get; init; } = [];

    /// <summary>The other settings of cgroup v1, under the kernel's names; 0 where the kernel has none.</summary>
    public IReadOnlyDictionary<string, long> Settings { get; init; } = new Dictionary<string, long>();

    internal static CpusetStatistics? Read(CgroupDirectory? directory)
    {
        string suffix = directory?.Unified is true ? ".effective" : "";
        if (directory?.TryRead("cpuset.cpus" + suffix) is not { } processors) return null;
        Dictionary<string, long> settings = [];
        foreach (string name in FlagNames)
            settings[name] = directory.Unified ? 0 : directory.TryReadNumber("cpuset." + name) ?? 0;
        return new CpusetStatistics
        {
            Processors = Parse(processors),
            MemoryNodes = Parse(directory.TryRead("cpuset.mems" + suffix) ?? ""),
            Settings = settings,
        };
    }

    // 0-3,7
    private static List<uint> Parse(string list)
    {
        List<uint> numbers = [];
        foreach (string range in list.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            int dash = range.IndexOf('-', StringComparison.Ordinal);
            uint first = uint.Parse(dash < 0 ? range : range[..dash], CultureInfo.InvariantCulture);
            uint last = dash < 0 ? first : uint.Parse(range[(dash + 1)..], CultureInfo.InvariantCulture);
            for (uint number = first; number <= last; number++) numbers.Add(number);
        }

        return numbers;
    }
}
