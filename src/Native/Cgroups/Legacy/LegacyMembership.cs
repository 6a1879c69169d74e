using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Legacy;

/// <summary>A container's directory in one v1 hierarchy.</summary>
internal sealed class LegacyMembership : IDisposable
{
    private CgroupDirectory? mount;
    private CgroupDirectory? leaf;

    public LegacyMembership(CgroupHierarchy hierarchy, string path)
    {
        Hierarchy = hierarchy;
        RelativePath = path;
    }

    public CgroupHierarchy Hierarchy { get; }

    public string RelativePath { get; }

    public string Path => $"{Hierarchy.MountPoint}/{RelativePath}";

    public CgroupDirectory Mount => mount ??= CgroupDirectory.OpenMount(Hierarchy.MountPoint, unified: false);

    public CgroupDirectory? Leaf => leaf ??= Mount.TryOpen(RelativePath);

    /// <summary>Makes the directory; EEXIST when it was there.</summary>
    public Errno Create()
    {
        Errno error = CgroupTree.Make(Mount, RelativePath);
        if (error is Errno.None or Errno.EEXIST && Hierarchy.Has("cpuset")) LegacyCpuset.Inherit(Mount, RelativePath);
        return error;
    }

    /// <summary>Closes the mount, as long as the directory is enough.</summary>
    public void Settle()
    {
        if (leaf is null) return;
        mount?.Dispose();
        mount = null;
    }

    /// <summary>Closes the directory, which then can go.</summary>
    public void Forget()
    {
        leaf?.Dispose();
        leaf = null;
    }

    public void Dispose()
    {
        Forget();
        mount?.Dispose();
        mount = null;
    }
}
