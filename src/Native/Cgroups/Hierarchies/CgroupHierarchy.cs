namespace Container.Native.Cgroups.Hierarchies;

/// <summary>A mounted cgroup v1 hierarchy.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">Its controllers, several when co-mounted; <c>name=systemd</c> for a named one.</param>
public sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers)
{
    /// <summary>It has a name and no controller: it limits nothing.</summary>
    public bool IsNamed => Controllers[0].StartsWith("name=", StringComparison.Ordinal);

    internal bool Has(string controller)
    {
        for (int i = 0; i < Controllers.Count; i++)
        {
            if (Controllers[i] == controller) return true;
        }

        return false;
    }
}
