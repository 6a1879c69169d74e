using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Unified;

/// <summary>A container's directory in the v2 tree: the whole of its cgroup there, or beside v1 hierarchies.</summary>
internal sealed class UnifiedTree : IDisposable
{
    private const string SubtreeControl = "cgroup.subtree_control";
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

    /// <summary>
    /// Where a process can be cloned into. A cgroup that gives controllers to those below it has no processes of its own
    /// (cgroups(7)): a service manager in the container has moved itself, and a further process follows it.
    /// </summary>
    public FileDescriptor OpenForClone(CgroupDirectory leaf, ProcessCgroups? first)
    {
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY;
        return first is null || string.IsNullOrWhiteSpace(leaf.TryRead(SubtreeControl))
            ? FileCalls.Open(".", flags, 0, leaf.Descriptor)
            : first.Open(Mount, "", ".", flags);
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
            List<string> missing = Missing(above, controllers);
            if (missing.Count > 0 && HasProcesses(above))
            {
                if (!required) return;
                throw Refused(above, missing[0], Errno.EBUSY);
            }

            foreach (string controller in missing)
            {
                Errno error = Mount.TryWrite(Below(above, SubtreeControl), "+" + controller);
                if (error != Errno.None && required) throw Refused(above, controller, error);
            }
        }
    }

    public void Dispose()
    {
        leaf?.Dispose();
        mount?.Dispose();
        leaf = null;
        mount = null;
    }

    /// <summary>Closes the mount, as long as the directory is enough.</summary>
    public void Settle()
    {
        if (leaf is null) return;
        mount?.Dispose();
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
        string enabled = Mount.TryRead(Below(path, SubtreeControl)) ?? "";
        List<string> missing = [];
        foreach (string controller in controllers)
        {
            if (!CgroupText.Lists(enabled, controller)) missing.Add(controller);
        }

        return missing;
    }

    // A cgroup with processes may not limit those below it, the real root excepted (it has no cgroup.type; that of a
    // cgroup namespace has). The kernel says so for memory and io; cpu and pids it would enable by making the cgroup
    // threaded, and no process could enter those below any more.
    private bool HasProcesses(string path) =>
        (path.Length > 0 || Mount.Exists("cgroup.type")) && Mount.TryRead(Below(path, "cgroup.procs")) is not "";

    private CgroupException Refused(string path, string controller, Errno error)
    {
        string reason = error switch
        {
            Errno.ENOENT or Errno.EINVAL => "the kernel does not offer it there",
            Errno.EBUSY => "that cgroup has processes of its own, and only a cgroup without may limit those below it",
            Errno.EOPNOTSUPP => "that cgroup is threaded, and this controller limits whole processes",
            Errno.EACCES or Errno.EPERM or Errno.EROFS => "not permitted: the cgroup has to be delegated to this user",
            _ => error.ToString(),
        };
        SystemCallException cause = new(
            $"write '+{controller}' to", $"{mountPoint}/{Below(path, SubtreeControl)}", error);
        return new CgroupException(
            controller, SubtreeControl,
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
