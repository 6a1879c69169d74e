using System.Text;
using Container.Native.Cgroups.Hierarchies;

namespace Container.Native.Cgroups.Systemd;

/// <summary>
/// The scope of systemd a container runs in. A cgroups path of the form <c>slice:prefix:name</c> names it, as with runc:
/// <c>machine.slice:libpod:ID</c> is libpod-ID.scope in machine.slice.
/// </summary>
/// <param name="Slice">The slice's unit name.</param>
/// <param name="Unit">The scope's unit name.</param>
internal sealed record SystemdScope(string Slice, string Unit)
{
    /// <summary>The cgroup below that of the manager: a slice a-b.slice is inside a.slice (systemd.slice(5)).</summary>
    public string Path
    {
        get
        {
            StringBuilder path = new();
            if (Slice != "-.slice")
            {
                string name = Slice[..^".slice".Length];
                for (int dash = name.IndexOf('-'); dash > 0; dash = name.IndexOf('-', dash + 1))
                    path.Append('/').Append(name.AsSpan(0, dash)).Append(".slice");
                path.Append('/').Append(Slice);
            }

            return path.Append('/').Append(Unit).ToString();
        }
    }

    /// <summary>Reads a cgroups path; where there is none, or one without slice, the defaults are runc's.</summary>
    public static SystemdScope Parse(string? cgroupsPath, string id, bool rootless)
    {
        string fallback = rootless ? "user.slice" : "system.slice";
        if (string.IsNullOrEmpty(cgroupsPath)) return new SystemdScope(fallback, Check($"psrun-{id}") + ".scope");
        string[] parts = cgroupsPath.Split(':');
        if (parts.Length != 3)
            throw Wrong(cgroupsPath, "is not slice:prefix:name, as the systemd cgroup driver needs it");
        string slice = parts[0].Length == 0 ? fallback : parts[0];
        if (!slice.EndsWith(".slice", StringComparison.Ordinal))
            throw Wrong(cgroupsPath, $"'{slice}' is not the name of a slice");
        string name = slice[..^".slice".Length];
        if (name != "-" && (name.Length == 0 || name[0] == '-' || name[^1] == '-' || name.Contains("--")))
            throw Wrong(cgroupsPath, $"'{slice}' is not the name of a slice");
        if (parts[2].EndsWith(".slice", StringComparison.Ordinal))
            throw Wrong(cgroupsPath, "a container runs in a scope, not in a slice of its own");
        Check(slice);
        return new SystemdScope(
            slice, Check(parts[1].Length == 0 ? parts[2] : $"{parts[1]}-{parts[2]}") + ".scope");
    }

    // The characters of unit names (systemd.unit(5)): none of them is special in a path.
    private static string Check(string name)
    {
        const string Others = ":_.-@\\";

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !Others.Contains(c, StringComparison.Ordinal))
                throw Wrong(name, $"'{c}' cannot be in the name of a systemd unit");
        }

        return name is "" or "." or ".." ? throw Wrong(name, "is not the name of a systemd unit") : name;
    }

    private static CgroupException Wrong(string text, string problem) =>
        new(null, null, $"linux.cgroupsPath '{text}': {problem}");
}
