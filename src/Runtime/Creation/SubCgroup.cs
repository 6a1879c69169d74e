using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Namespaces;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Creation;

/// <summary>
/// The value of <c>exec --cgroup</c>: a path below the container's cgroup, or on version 1 such paths for single
/// controllers, <c>cpu,memory:path</c>; the other hierarchies stay the container's.
/// </summary>
internal static class SubCgroup
{
    /// <summary>Opens what is wanted, which has to exist.</summary>
    public static CgroupManager Open(string own, List<string> wanted)
    {
        Dictionary<string, string>? controllers = null;
        string path = own;
        foreach (string text in wanted)
        {
            int colon = text.IndexOf(':');
            string place = Below(own, text, text[(colon + 1)..]);
            if (colon < 0)
            {
                if (wanted.Count > 1) throw new UsageException($"--cgroup: '{text}' names no controller");
                path = place;
                continue;
            }

            if (CgroupHost.Mode == "v2") throw new UsageException("--cgroup: version 2 has one path for all controllers");
            controllers ??= new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string controller in text[..colon].Split(','))
            {
                if (CgroupHost.Current.Find(controller) is null)
                    throw new UsageException($"--cgroup: unknown controller {controller}");
                if (!controllers.TryAdd(controller, place))
                    throw new UsageException($"--cgroup: the controller {controller} is named twice");
            }
        }

        CgroupManager cgroup = CgroupManager.Open(path, new CgroupOptions
        {
            AllowUnwritable = !UserNamespace.IsRootOfHost, ControllerPaths = controllers,
        });
        if (cgroup.Exists && Has(cgroup, controllers)) return cgroup;
        cgroup.Dispose();
        throw new RuntimeException(
            $"--cgroup: adding pid to {string.Join(", ", Places(path, controllers))}/cgroup.procs: no such file or directory");
    }

    private static string[] Places(string path, Dictionary<string, string>? controllers) =>
        controllers is null ? [path] : [.. controllers.Values];

    private static bool Has(CgroupManager cgroup, Dictionary<string, string>? controllers)
    {
        if (controllers is null) return true;
        IReadOnlyDictionary<string, string> paths = cgroup.Paths;
        foreach (string controller in controllers.Keys)
        {
            if (!paths.ContainsKey(controller)) return false;
        }

        return true;
    }

    private static string Below(string own, string text, string path)
    {
        foreach (string part in path.Split('/'))
        {
            if (part == "..") throw new UsageException($"--cgroup: bad sub cgroup path: {text} is not a sub cgroup path of the container");
        }

        return $"{own}/{path.Trim('/')}".TrimEnd('/');
    }
}
