using System.Globalization;
using Container.Engine.Errors;
using Container.Engine.State;

namespace Container.Engine.Host;

/// <summary>Single facts, read where the kernel and the distribution keep them.</summary>
internal static class HostFacts
{
    public static string KernelRelease => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    /// <summary>Major and minor number of the kernel.</summary>
    public static (int Major, int Minor) KernelVersion
    {
        get
        {
            string[] parts = KernelRelease.Split('.', '-', '+');
            return (Number(parts, 0), Number(parts, 1));
        }
    }

    public static string ReadOperatingSystem()
    {
        const string key = "PRETTY_NAME=";
        foreach (string path in (string[])["/etc/os-release", "/usr/lib/os-release"])
        {
            if (!File.Exists(path)) continue;
            string? line = File.ReadLines(path).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal));
            if (line is not null) return line[key.Length..].Trim('"', '\'');
        }

        return "Linux";
    }

    public static long ReadTotalMemory()
    {
        string? line = File.ReadLines("/proc/meminfo").FirstOrDefault();
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 1 && long.TryParse(words[1], CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : 0;
    }

    public static string? ReadRuntimeVersion(EnginePaths paths)
    {
        try
        {
            string first = MonitorProcess.Run(paths, ["--version"]).Split('\n')[0].Trim();
            return first.Length == 0 ? null : first[(first.LastIndexOf(' ') + 1)..];
        }
        catch (EngineException)
        {
            return null;
        }
    }

    private static int Number(string[] parts, int index) =>
        index < parts.Length && int.TryParse(parts[index], CultureInfo.InvariantCulture, out int number) ? number : 0;
}
