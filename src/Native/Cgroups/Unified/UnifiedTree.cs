using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Unified;

/// <summary>A container's directory in the v2 tree: the whole of its cgroup there, or beside v1 hierarchies.</summary>
internal sealed class UnifiedTree : IDisposable
{
    private readonly string mountPoint;
    private CgroupDirectory? mount;
    private CgroupDirectory? leaf;

    public UnifiedTree(string mountPoint, string path)
    {
        this.mountPoint = mountPoint;
        RelativePath = path;
    }

    public string RelativePath { get; }

    public string Path => $"{mountPoint}/{RelativePath}";

    public CgroupDirectory Mount => mount ??= CgroupDirectory.OpenMount(mountPoint, unified: true);

    /// <summary>The directory, or null where it has not been made.</summary>
    public CgroupDirectory? Leaf => leaf ??= Mount.TryOpen(RelativePath);

    /// <summary>The directory, which has to exist.</summary>
    public CgroupDirectory Required =>
        Leaf ?? throw new SystemCallException("open", Path, Errno.ENOENT);

    /// <summary>Makes the directory and those above it; false when it was there.</summary>
    public bool Create()
    {
        Errno error = CgroupTree.Make(Mount, RelativePath);
        if (error is not (Errno.None or Errno.EEXIST)) throw new SystemCallException("mkdir", Path, error);
        return error == Errno.None;
    }

    /// <summary>Whether the tree's root offers a controller at all.</summary>
    public bool Offers(string controller) => CgroupText.Lists(Mount.TryRead("cgroup.controllers"), controller);

    /// <summary>
    /// Gives the controllers to this cgroup: from the root down, each cgroup has to hand them to its children in
    /// cgroup.subtree_control. Only those that are missing are written; <paramref name="required"/> makes a failure an
    /// error, otherwise the controller is left out.
    /// </summary>
    public void Enable(ReadOnlySpan<string> controllers, bool required)
    {
        string parent = Parent(RelativePath);
        if (Missing(parent, controllers).Count == 0) return;
        for (int end = 0; end >= 0; end = end >= parent.Length ? -1 : NextEnd(parent, end))
        {
            string above = parent[..end];
            foreach (string controller in Missing(above, controllers)) Enable(above, controller, required);
        }
    }

    public void Dispose()
    {
        leaf?.Dispose();
        mount?.Dispose();
        leaf = null;
        mount = null;
    }

    /// <summary>Closes the directory after it was removed.</summary>
    public void Forget()
    {
        leaf?.Dispose();
        leaf = null;
    }

    private List<string> Missing(string path, ReadOnlySpan<string> controllers)
    {
        string enabled = Mount.TryRead(Below(path, "cgroup.subtree_control")) ?? "";
        List<string> missing = [];
        foreach (string controller in controllers)
        {
            if (!CgroupText.Lists(enabled, controller)) missing.Add(controller);
        }

        return missing;
    }

    private void Enable(string path, string controller, bool required)
    {
        string file = Below(path, "cgroup.subtree_control");
        Errno error = Mount.TryWrite(file, "+" + controller);
        if (error == Errno.None || !required) return;
        string reason = error switch
        {
            Errno.ENOENT or Errno.EINVAL => "the kernel does not offer it there",
            Errno.EBUSY => "that cgroup has processes of its own, and only a cgroup without may limit those below it",
            Errno.EOPNOTSUPP => "that cgroup is threaded, and this controller limits whole processes",
            Errno.EACCES or Errno.EPERM or Errno.EROFS => "not permitted: the cgroup has to be delegated to this user",
            _ => error.ToString(),
        };
        SystemCallException cause = new($"write '+{controller}' to", $"{mountPoint}/{file}", error);
        throw new CgroupException(
            controller, "cgroup.subtree_control",
            $"the {controller} controller cannot be enabled below '{mountPoint}/{path}': {reason} ({cause.Message})",
            cause);
    }

    private static int NextEnd(string path, int end)
    {
        int slash = path.IndexOf('/', Math.Min(end + 1, path.Length));
        return slash < 0 ? path.Length : slash;
    }

    private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    private static string Below(string path, string file) => path.Length == 0 ? file : $"{path}/{file}";
}
