using Container.Native.Cgroups.Hierarchies;

namespace Container.Native.Cgroups;

/// <summary>How a <see cref="CgroupManager"/> treats what it may not do.</summary>
public sealed record CgroupOptions
{
    /// <summary>
    /// Leave out a hierarchy in which no directory may be made (EACCES, EPERM, EROFS) instead of failing, as an
    /// unprivileged user needs it. A limit requested on a hierarchy left out still fails; device rules, which only the
    /// initial user namespace may set, do not.
    /// </summary>
    public bool AllowUnwritable { get; init; }

    /// <summary>
    /// Other paths for single controllers of version 1, each for its whole hierarchy; null: one path for all.
    /// </summary>
    public IReadOnlyDictionary<string, string>? ControllerPaths { get; init; }

    /// <summary>The container's annotations, of which some are for the systemd driver.</summary>
    internal IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The host's mounts; null: <see cref="CgroupHost.Current"/>.</summary>
    public CgroupHost? Host { get; init; }
}
