namespace Container.Native.Cgroups.Hierarchies;

/// <summary>How a host has mounted its cgroup hierarchies.</summary>
public enum CgroupLayout
{
    /// <summary>No cgroup file system is mounted.</summary>
    None,

    /// <summary>Only cgroup v1 hierarchies.</summary>
    Legacy,

    /// <summary>cgroup v1 controllers, and a v2 tree beside them.</summary>
    Hybrid,

    /// <summary>One cgroup v2 tree.</summary>
    Unified,
}
