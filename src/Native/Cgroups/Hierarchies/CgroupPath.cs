namespace Container.Native.Cgroups.Hierarchies;

/// <summary>A container's path below a cgroup mount, refused unless it stays there.</summary>
internal static class CgroupPath
{
    /// <summary>The path without leading, doubled or trailing slashes.</summary>
    public static string Normalize(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part == ".." || part.Contains('\0', StringComparison.Ordinal) ||
                part.Contains('\n', StringComparison.Ordinal))
            {
                throw new CgroupException(null, null, $"cgroup path '{path}' must not contain '..', NUL or newline");
            }

            parts.Add(part);
        }

        if (parts.Count == 0)
        {
            throw new CgroupException(null, null, $"cgroup path '{path}' names the root: a container needs its own");
        }

        return string.Join('/', parts);
    }

    /// <summary>
    /// The path below the mount: an absolute one as it stands, a relative one beside or below the caller's own cgroup.
    /// In the v2 tree the caller's cgroup has processes, and a cgroup with processes cannot give controllers to its
    /// children ("no internal processes", cgroups(7)), so there the place is its parent.
    /// </summary>
    public static string Resolve(string path, string controller)
    {
        if (path.StartsWith('/')) return Normalize(path);
        string relative = Normalize(path);
        string own = CgroupHost.OwnPath(controller);
        if (controller.Length == 0) own = own[..Math.Max(own.LastIndexOf('/'), 0)];
        return own.Trim('/').Length == 0 ? relative : $"{Normalize(own)}/{relative}";
    }
}
