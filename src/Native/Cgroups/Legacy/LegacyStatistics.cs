using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;

namespace Container.Native.Cgroups.Legacy;

/// <summary>Statistics of a container's v1 cgroups.</summary>
internal static class LegacyStatistics
{
    // USER_HZ: the unit of cpuacct.stat on every architecture we run on.
    private const long NanosecondsPerTick = 10_000_000;

    public static CpuStatistics? Cpu(CgroupDirectory? cpu, CgroupDirectory? account)
    {
        if (cpu is null && account is null) return null;
        string? throttling = cpu?.TryRead("cpu.stat");
        string? ticks = account?.TryRead("cpuacct.stat");
        return new CpuStatistics
        {
            UsageNanoseconds = account?.TryReadNumber("cpuacct.usage"),
            UserNanoseconds = account?.TryReadNumber("cpuacct.usage_user") ??
                (CgroupText.Find(ticks, "user") * NanosecondsPerTick),
            SystemNanoseconds = account?.TryReadNumber("cpuacct.usage_sys") ??
                (CgroupText.Find(ticks, "system") * NanosecondsPerTick),
            PerProcessorNanoseconds = Numbers(account?.TryRead("cpuacct.usage_percpu")),
            Periods = CgroupText.Find(throttling, "nr_periods"),
            ThrottledPeriods = CgroupText.Find(throttling, "nr_throttled"),
            ThrottledNanoseconds = CgroupText.Find(throttling, "throttled_time"),
        };
    }

    public static MemoryStatistics? Memory(CgroupDirectory? directory)
    {
        if (directory?.TryReadNumber("memory.usage_in_bytes") is not { } usage) return null;
        Dictionary<string, long> details = StatisticsText.Pairs(directory.TryRead("memory.stat") ?? "");
        string? control = directory.TryRead("memory.oom_control");
        long? limit = StatisticsText.Limit(directory.TryReadNumber("memory.limit_in_bytes"));
        long? both = StatisticsText.Limit(directory.TryReadNumber("memory.memsw.limit_in_bytes"));
        long? usageOfBoth = directory.TryReadNumber("memory.memsw.usage_in_bytes");
        return new MemoryStatistics
        {
            Usage = usage,
            Limit = limit,
            Peak = directory.TryReadNumber("memory.max_usage_in_bytes"),
            LimitHits = directory.TryReadNumber("memory.failcnt"),
            Cache = details.Get("total_cache") ?? details.Get("cache"),
            Rss = details.Get("total_rss") ?? details.Get("rss"),
            InactiveFile = details.Get("total_inactive_file") ?? details.Get("inactive_file"),
            SwapUsage = details.Get("total_swap") ??
                (usageOfBoth is null ? null : Math.Max(usageOfBoth.Value - usage, 0)),
            SwapLimit = both - limit,
            Kernel = directory.TryReadNumber("memory.kmem.usage_in_bytes"),
            OutOfMemoryKills = CgroupText.Find(control, "oom_kill"),
            Details = details,
        };
    }

    public static List<IoStatistics> Io(CgroupDirectory? directory)
    {
        Dictionary<(int Major, int Minor), IoStatistics> devices = [];
        if (directory is null) return [];
        string? bytes = First(
            directory, "blkio.bfq.io_service_bytes_recursive", "blkio.throttle.io_service_bytes_recursive",
            "blkio.throttle.io_service_bytes");
        string? operations = First(
            directory, "blkio.bfq.io_serviced_recursive", "blkio.throttle.io_serviced_recursive",
            "blkio.throttle.io_serviced");
        foreach (((int, int) device, bool write, long value) in Counts(bytes))
        {
            IoStatistics known = Known(devices, device);
            devices[device] = write ? known with { WriteBytes = value } : known with { ReadBytes = value };
        }

        foreach (((int, int) device, bool write, long value) in Counts(operations))
        {
            IoStatistics known = Known(devices, device);
            devices[device] = write ? known with { WriteOperations = value } : known with { ReadOperations = value };
        }

        return [.. devices.Values];
    }

    public static Dictionary<string, HugepageStatistics> Hugepages(CgroupDirectory directory)
    {
        Dictionary<string, HugepageStatistics> sizes = [];
        foreach (string size in HugepageSizes.All)
        {
            string prefix = $"hugetlb.{size}.rsvd";
            if (!directory.Exists($"{prefix}.usage_in_bytes")) prefix = $"hugetlb.{size}";
            if (directory.TryReadNumber($"{prefix}.usage_in_bytes") is not { } usage) continue;
            sizes[size] = new HugepageStatistics(
                usage, directory.TryReadNumber($"{prefix}.max_usage_in_bytes"),
                directory.TryReadNumber($"{prefix}.failcnt"));
        }

        return sizes;
    }

    private static IoStatistics Known(Dictionary<(int, int), IoStatistics> devices, (int Major, int Minor) device) =>
        devices.TryGetValue(device, out IoStatistics? known) ? known : new IoStatistics(device.Major, device.Minor);

    // The file of the scheduler that counted: BFQ's hold only "Total 0" when the device has another.
    private static string? First(CgroupDirectory directory, params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            if (directory.TryRead(file) is { } text && text.Contains(':', StringComparison.Ordinal)) return text;
        }

        return null;
    }

    // 8:0 Read 1282048
    private static List<((int Major, int Minor) Device, bool Write, long Value)> Counts(string? text)
    {
        List<((int, int), bool, long)> counts = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words.Length == 3 && words[1] is "Read" or "Write" && CgroupText.Number(words[2]) is { } value &&
                StatisticsText.TryDevice(words[0], out (int Major, int Minor) device))
            {
                counts.Add((device, words[1] == "Write", value));
            }
        }

        return counts;
    }

    private static List<long> Numbers(string? text)
    {
        List<long> numbers = [];
        foreach (string word in (text ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (CgroupText.Number(word) is { } number) numbers.Add(number);
        }

        return numbers;
    }
}
