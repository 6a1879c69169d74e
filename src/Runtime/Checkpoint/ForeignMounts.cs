using System.Text;
using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// The mounts of a container that show file systems of the host: binds, masks, device nodes, cgroups. criu has no
/// images of those; it is told where they are on the host ("external mounts").
/// </summary>
internal static class ForeignMounts
{
    private const int Limit = 64 * 1024 * 1024;

    /// <summary>Target in the container, and the path on the host of what is mounted there.</summary>
    public static Dictionary<string, string> Find(int pid)
    {
        List<Entry> host = Read("/proc/self/mountinfo");
        Dictionary<string, string> found = [];
        foreach (Entry mount in Read($"/proc/{pid}/mountinfo"))
        {
            if (mount.Target == "/") continue;
            if (Locate(mount, host) is { } source) found[mount.Target] = source;
        }

        return found;
    }

    private static string? Locate(Entry mount, List<Entry> host)
    {
        foreach (Entry known in host)
        {
            if (known.Device != mount.Device) continue;
            string root = known.Root.TrimEnd('/');
            if (mount.Root != known.Root && !mount.Root.StartsWith(root + "/", StringComparison.Ordinal)) continue;
            string path = known.Target.TrimEnd('/') + mount.Root[root.Length..];
            return path.Length > 1 ? path.TrimEnd('/') : path;
        }

        return null;
    }

    private static List<Entry> Read(string path)
    {
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        List<Entry> entries = [];
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, path)).Split('\n'))
        {
            // 36 35 98:0 /root /target options … - type source options: proc_pid_mountinfo(5)
            string[] fields = line.Split(' ');
            if (fields.Length > 4) entries.Add(new Entry(fields[2], Unescape(fields[3]), Unescape(fields[4])));
        }

        return entries;
    }

    private static string Unescape(string text) => text
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);

    private sealed record Entry(string Device, string Root, string Target);
}
