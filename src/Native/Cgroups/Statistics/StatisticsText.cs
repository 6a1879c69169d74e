using System.Globalization;
using Container.Native.Cgroups.Hierarchies;

namespace Container.Native.Cgroups.Statistics;

/// <summary>Statistics files that v1 and v2 have in one format.</summary>
internal static class StatisticsText
{
    /// <summary>Every "key number" line.</summary>
    public static Dictionary<string, long> Pairs(string text)
    {
        Dictionary<string, long> pairs = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int blank = line.IndexOf(' ');
            if (blank <= 0 || CgroupText.Number(line[(blank + 1)..]) is not { } value) continue;
            pairs[line[..blank].ToString()] = value;
        }

        return pairs;
    }

    public static long? Get(this Dictionary<string, long> pairs, string key) =>
        pairs.TryGetValue(key, out long value) ? value : null;

    /// <summary>A limit: null for "max" (-1) and for what v1 writes for it, the largest number of pages.</summary>
    public static long? Limit(long? value) => value is -1 or >= long.MaxValue - 65_536 ? null : value;

    public static PidsStatistics? Pids(CgroupDirectory? directory) =>
        directory?.TryReadNumber("pids.current") is { } current
            ? new PidsStatistics(current, Limit(directory.TryReadNumber("pids.max")))
            : null;

    /// <summary>some avg10=0.00 avg60=0.00 avg300=0.00 total=0, and full … the same.</summary>
    public static PressureStatistics? Pressure(CgroupDirectory? directory, string file)
    {
        if (directory?.TryRead(file) is not { } text) return null;
        PressureAverages? some = null;
        PressureAverages? full = null;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("some ")) some = Averages(line);
            if (line.StartsWith("full ")) full = Averages(line);
        }

        return some is null ? null : new PressureStatistics(some, full);
    }

    public static List<RdmaStatistics> Rdma(CgroupDirectory? directory)
    {
        List<RdmaStatistics> devices = [];
        foreach (ReadOnlySpan<char> line in (directory?.TryRead("rdma.current")).AsSpan().EnumerateLines())
        {
            int blank = line.IndexOf(' ');
            if (blank <= 0) continue;
            devices.Add(new RdmaStatistics(
                line[..blank].ToString(), CgroupText.FindWord(line, "hca_handle"),
                CgroupText.FindWord(line, "hca_object")));
        }

        return devices;
    }

    /// <summary>"MAJOR:MINOR" of a device.</summary>
    public static bool TryDevice(ReadOnlySpan<char> text, out (int Major, int Minor) device)
    {
        int colon = text.IndexOf(':');
        device = default;
        if (colon <= 0 || CgroupText.Number(text[..colon]) is not { } major ||
            CgroupText.Number(text[(colon + 1)..]) is not { } minor)
        {
            return false;
        }

        device = ((int)major, (int)minor);
        return true;
    }

    private static PressureAverages Averages(ReadOnlySpan<char> line) => new(
        Average(line, "avg10="), Average(line, "avg60="), Average(line, "avg300="),
        CgroupText.FindWord(line, "total") ?? 0);

    private static double Average(ReadOnlySpan<char> line, string key)
    {
        int start = line.IndexOf(key, StringComparison.Ordinal);
        if (start < 0) return 0;
        ReadOnlySpan<char> rest = line[(start + key.Length)..];
        int end = rest.IndexOf(' ');
        return double.Parse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
