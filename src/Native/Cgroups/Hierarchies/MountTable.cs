using System.Text;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Finds the cgroup mounts in the text of proc_pid_mountinfo(5).</summary>
internal static class MountTable
{
    private static readonly string[] Names =
    [
        "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "net_cls", "net_prio",
        "perf_event", "hugetlb", "rdma", "misc", "debug",
    ];

    public static CgroupHost Parse(ReadOnlySpan<byte> table)
    {
        string? unified = null;
        bool isDelegated = false;
        List<CgroupHierarchy> hierarchies = [];

        // A table can have thousands of lines of other file systems: go from one " - cgroup" to the next. Blanks in
        // paths are written \040, so it appears nowhere else.
        while (true)
        {
            int separator = table.IndexOf(" - cgroup"u8);
            if (separator < 0) break;
            int start = table[..separator].LastIndexOf((byte)'\n') + 1;
            int length = table[separator..].IndexOf((byte)'\n');
            int end = length < 0 ? table.Length : separator + length;
            AddMount(table[start..separator], table[(separator + 3)..end], hierarchies, ref unified, ref isDelegated);
            table = table[end..];
        }

        return new CgroupHost(unified, hierarchies, isDelegated);
    }

    // head: "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime [optional …]"; tail: "cgroup cgroup rw,cpu,cpuacct".
    private static void AddMount(
        ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> tail,
        List<CgroupHierarchy> hierarchies,
        ref string? unified,
        ref bool isDelegated)
    {
        string mountPoint = Unescape(Field(head, 4));
        ReadOnlySpan<byte> type = Field(tail, 0);
        if (type.SequenceEqual("cgroup2"u8))
        {
            if (unified is not null && !Preferred(mountPoint, unified)) return;
            unified = mountPoint;
            isDelegated = Has(Field(tail, 2), "nsdelegate"u8);
            return;
        }

        if (!type.SequenceEqual("cgroup"u8)) return;
        List<string> controllers = Controllers(Field(tail, 2));
        if (controllers.Count == 0) return;
        CgroupHierarchy mounted = new(mountPoint, controllers);
        for (int i = 0; i < hierarchies.Count; i++)
        {
            if (!hierarchies[i].Has(controllers[0])) continue;
            if (Preferred(mountPoint, hierarchies[i].MountPoint)) hierarchies[i] = mounted;
            return;
        }

        hierarchies.Add(mounted);
    }

    // One hierarchy may be mounted in several places (a chroot, a container's root): the host's usual place wins.
    private static bool Preferred(string candidate, string known) =>
        candidate.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal) &&
        !known.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal);

    private static bool Has(ReadOnlySpan<byte> options, ReadOnlySpan<byte> name)
    {
        foreach (Range range in options.Split((byte)','))
        {
            if (options[range].SequenceEqual(name)) return true;
        }

        return false;
    }

    private static List<string> Controllers(ReadOnlySpan<byte> options)
    {
        List<string> found = [];
        while (!options.IsEmpty)
        {
            int comma = options.IndexOf((byte)',');
            ReadOnlySpan<byte> option = comma < 0 ? options : options[..comma];
            options = comma < 0 ? default : options[(comma + 1)..];
            if (option.StartsWith("name="u8)) found.Add(Encoding.UTF8.GetString(option));
            else if (Known(option) is { } name) found.Add(name);
        }

        return found;
    }

    private static string? Known(ReadOnlySpan<byte> option)
    {
        foreach (string name in Names)
        {
            if (Ascii.Equals(option, name)) return name;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            int blank = line.IndexOf((byte)' ');
            if (blank < 0) return default;
            line = line[(blank + 1)..];
        }

        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    // Blank, tab, newline and backslash are written as three octal digits.
    private static string Unescape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(text);
        byte[] plain = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                plain[length++] = text[i];
            }
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }
}
