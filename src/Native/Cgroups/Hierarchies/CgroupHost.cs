using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>
/// Where this host's cgroup hierarchies are: the one look at /proc/self/mountinfo, on the start path of a container.
/// </summary>
public sealed class CgroupHost
{
    private const int MountTableLimit = 64 * 1024 * 1024;
    private static CgroupHost? current;

    internal CgroupHost(string? unifiedMount, IReadOnlyList<CgroupHierarchy> hierarchies, bool isDelegated = false)
    {
        UnifiedMount = unifiedMount;
        Hierarchies = hierarchies;
        Layout = Classify(unifiedMount, hierarchies);
        KeepsLimits = Layout != CgroupLayout.Unified || isDelegated;
    }

    /// <summary>The host as first asked for.</summary>
    public static CgroupHost Current => current ??= Read();

    /// <summary><c>v2</c>, <c>v1</c>, <c>hybrid</c>, or <c>none</c> when no cgroup file system is mounted.</summary>
    public static string Mode => Current.Layout switch
    {
        CgroupLayout.Unified => "v2",
        CgroupLayout.Legacy => "v1",
        CgroupLayout.Hybrid => "hybrid",
        _ => "none",
    };

    /// <summary>How the hierarchies are mounted.</summary>
    public CgroupLayout Layout { get; }

    /// <summary>Where the v2 tree is mounted, or null.</summary>
    public string? UnifiedMount { get; }

    /// <summary>
    /// Whether who has write access to the files of a cgroup namespace's root is kept from those that limit it: by nsdelegate
    /// (cgroups(7)), or as what limits is in other hierarchies.
    /// </summary>
    public bool KeepsLimits { get; }

    /// <summary>The v1 hierarchies in the order of the mount table.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>The v1 hierarchy of <paramref name="controller"/>, or null where it is not mounted.</summary>
    public CgroupHierarchy? Find(string controller)
    {
        for (int i = 0; i < Hierarchies.Count; i++)
        {
            if (Hierarchies[i].Has(controller)) return Hierarchies[i];
        }

        return null;
    }

    /// <summary>The names of the controllers a container can be limited by, as the kernel spells them.</summary>
    public IReadOnlyList<string> GetControllers()
    {
        List<string> names = [];
        for (int i = 0; i < Hierarchies.Count; i++)
        {
            for (int k = 0; k < Hierarchies[i].Controllers.Count; k++)
            {
                string name = Hierarchies[i].Controllers[k];
                if (!name.StartsWith("name=", StringComparison.Ordinal)) names.Add(name);
            }
        }

        if (UnifiedMount is not null)
        {
            using CgroupDirectory root = CgroupDirectory.OpenMount(UnifiedMount, unified: true);
            string available = root.TryRead("cgroup.controllers") ?? "";
            foreach (Range word in available.AsSpan().Split(' '))
            {
                string name = available[word].Trim();
                if (name.Length > 0) names.Add(name);
            }
        }

        return names;
    }

    internal static CgroupHost Read()
    {
        const string path = "/proc/self/mountinfo";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        return MountTable.Parse(FileCalls.ReadAll(file, MountTableLimit, path));
    }

    /// <summary>
    /// The caller's own cgroup in the hierarchy of <paramref name="controller"/> (empty: the v2 tree), from
    /// /proc/self/cgroup. Only a relative cgroup path needs it.
    /// </summary>
    internal static string OwnPath(string controller)
    {
        const string path = "/proc/self/cgroup";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        return OwnPath(Encoding.UTF8.GetString(FileCalls.ReadAll(file, MountTableLimit, path)), controller);
    }

    internal static string OwnPath(string table, string controller) => FindPath(table, controller) ?? "/";

    /// <summary>The path of a process in the hierarchy of <paramref name="controller"/> (empty: the v2 tree), or null.</summary>
    /// <param name="table">Its /proc/PID/cgroup.</param>
    /// <param name="controller">One of the hierarchy's controllers.</param>
    internal static string? FindPath(string table, string controller)
    {
        // The name of a group may hold whatever else ends a line.
        foreach (Range range in table.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = table.AsSpan(range);
            int first = line.IndexOf(':');
            if (first < 0) continue;
            ReadOnlySpan<char> rest = line[(first + 1)..];
            int second = rest.IndexOf(':');
            if (second < 0) continue;
            ReadOnlySpan<char> names = rest[..second];
            if (names.SequenceEqual(controller)) return rest[(second + 1)..].ToString();
            foreach (Range name in names.Split(','))
            {
                if (names[name].SequenceEqual(controller) && !names.IsEmpty) return rest[(second + 1)..].ToString();
            }
        }

        return null;
    }

    // systemd's "unified" layout may have single v1 hierarchies mounted elsewhere (net_cls for a VPN, say): where the
    // v2 tree is the mount at /sys/fs/cgroup the host is v2, as runc and systemd see it.
    private static CgroupLayout Classify(string? unifiedMount, IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        bool legacy = false;
        for (int i = 0; i < hierarchies.Count; i++)
        {
            legacy |= !hierarchies[i].IsNamed;
        }

        if (unifiedMount is null) return hierarchies.Count > 0 ? CgroupLayout.Legacy : CgroupLayout.None;
        return legacy && unifiedMount != "/sys/fs/cgroup" ? CgroupLayout.Hybrid : CgroupLayout.Unified;
    }
}
