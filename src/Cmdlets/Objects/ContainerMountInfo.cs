using Container.Engine.Configuration;

namespace Container.Cmdlets.Objects;

/// <summary>Something that is mounted in a container beside its root filesystem.</summary>
public sealed class ContainerMountInfo : IComparable<ContainerMountInfo>, IComparable
{
    private readonly ContainerMount _mount;

    internal ContainerMountInfo(ContainerMount mount) => _mount = mount;

    /// <summary>What is mounted: the words of ContainerMountType.</summary>
    public string Type => _mount.Type.ToString();

    /// <summary>The host path of a bind or overlay, or the name of a volume or image.</summary>
    public string? Source => _mount.Source;

    /// <summary>The place in the container.</summary>
    public string Target => _mount.Target;

    /// <summary>Whether writes are refused.</summary>
    public bool ReadOnly => _mount.ReadOnly;

    /// <summary>Whether the volume was made for the container and goes with it.</summary>
    public bool IsAnonymous => _mount.IsAnonymous;

    /// <inheritdoc/>
    public int CompareTo(ContainerMountInfo? other) => string.CompareOrdinal(Target, other?.Target);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerMountInfo);

    /// <inheritdoc/>
    public override string ToString() => _mount.ToString();

    /// <summary>All that is known of it.</summary>
    internal ContainerMount ToMount() => _mount;
}
