using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;

namespace Container.Native.Cgroups.Unified;

/// <summary>Statistics of a v2 cgroup.</summary>
internal static class UnifiedStatistics
{
    private const int NanosecondsPerMicrosecond = 1000;

    public static CgroupStatistics Read(CgroupDirectory directory) => new()
    {
        Cpu = Cpu(directory),
        Cpuset = CpusetStatistics.Read(directory),
        Memory = Memory(directory),
        Pids = StatisticsText.Pids(directory),
        Io = Io(directory),
        Hugepages = Hugepages(directory),
        Rdma = StatisticsText.Rdma(directory),
        CpuPressure = StatisticsText.Pressure(directory, "cpu.pressure"),
        MemoryPressure = StatisticsText.Pressure(directory, "memory.pressure"),
        IoPressure = StatisticsText.Pressure(directory, "io.pressure"),
    };

    public static Dictionary<string, HugepageStatistics> Hugepages(CgroupDirectory directory)
    {
        Dictionary<string, HugepageStatistics> sizes = [];
        foreach (string size in HugepageSizes.All)
        {
            string prefix = $"hugetlb.{size}";
            long? usage = directory.TryReadNumber($"{prefix}.rsvd.current") ??
                directory.TryReadNumber($"{prefix}.current");
            if (usage is null) continue;
            long? failures = CgroupText.Find(directory.TryRead($"{prefix}.events"), "max");
            sizes[size] = new HugepageStatistics(usage, null, failures);
        }

        return sizes;
    }

    private static CpuStatistics? Cpu(CgroupDirectory directory)
    {
        if (directory.TryRead("cpu.stat") is not { } text) return null;
        return new CpuStatistics
        {
            UsageNanoseconds = CgroupText.Find(text, "usage_usec") * NanosecondsPerMicrosecond,
            UserNanoseconds = CgroupText.Find(text, "user_usec") * NanosecondsPerMicrosecond,
            SystemNanoseconds = CgroupText.Find(text, "system_usec") * NanosecondsPerMicrosecond,
            Periods = CgroupText.Find(text, "nr_periods"),
            ThrottledPeriods = CgroupText.Find(text, "nr_throttled"),
            ThrottledNanoseconds = CgroupText.Find(text, "throttled_usec") * NanosecondsPerMicrosecond,
        };
    }

    private static MemoryStatistics? Memory(CgroupDirectory directory)
    {
        if (directory.TryReadNumber("memory.current") is not { } usage) return null;
        Dictionary<string, long> details = StatisticsText.Pairs(directory.TryRead("memory.stat") ?? "");
        string? events = directory.TryRead("memory.events");
        return new MemoryStatistics
        {
            Usage = usage,
            Limit = StatisticsText.Limit(directory.TryReadNumber("memory.max")),
            Peak = directory.TryReadNumber("memory.peak"),
            LimitHits = CgroupText.Find(events, "max"),
            Cache = details.Get("file"),
            Rss = details.Get("anon"),
            InactiveFile = details.Get("inactive_file"),
            SwapUsage = directory.TryReadNumber("memory.swap.current"),
            SwapLimit = StatisticsText.Limit(directory.TryReadNumber("memory.swap.max")),
            Kernel = details.Get("kernel"),
            OutOfMemoryEvents = CgroupText.Find(events, "oom"),
            OutOfMemoryKills = CgroupText.Find(events, "oom_kill"),
            Details = details,
        };
    }

    // 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0
    private static List<IoStatistics> Io(CgroupDirectory directory)
    {
        List<IoStatistics> devices = [];
        foreach (ReadOnlySpan<char> line in directory.TryRead("io.stat").AsSpan().EnumerateLines())
        {
            int blank = line.IndexOf(' ');
            if (blank <= 0 || !StatisticsText.TryDevice(line[..blank], out (int Major, int Minor) device)) continue;
            devices.Add(new IoStatistics(device.Major, device.Minor)
            {
                ReadBytes = CgroupText.FindWord(line, "rbytes"),
                WriteBytes = CgroupText.FindWord(line, "wbytes"),
                ReadOperations = CgroupText.FindWord(line, "rios"),
                WriteOperations = CgroupText.FindWord(line, "wios"),
            });
        }

        return devices;
    }
}
