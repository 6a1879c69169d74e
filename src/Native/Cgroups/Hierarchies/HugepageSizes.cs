using System.Globalization;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>The huge page sizes of the host, spelt as the hugetlb controller spells them.</summary>
internal static class HugepageSizes
{
    private const string Prefix = "hugepages-";
    private static string[]? all;

    public static string[] All => all ??= Read();

    private static string[] Read()
    {
        const string directory = "/sys/kernel/mm/hugepages";
        if (!Directory.Exists(directory)) return [];
        List<string> sizes = [];
        foreach (string path in Directory.GetDirectories(directory, Prefix + "*kB"))
        {
            ReadOnlySpan<char> number = Path.GetFileName(path.AsSpan())[Prefix.Length..^2];
            sizes.Add(Name(long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)));
        }

        return [.. sizes];
    }

    private static string Name(long kilobytes) =>
        kilobytes >= 1 << 20 ? $"{kilobytes >> 20}GB"
        : kilobytes >= 1 << 10 ? $"{kilobytes >> 10}MB"
        : $"{kilobytes}KB";
}
