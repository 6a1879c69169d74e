using Container.Engine.Storage;

namespace Container.Cmdlets.Objects;

/// <summary>How much space the objects of a kind take.</summary>
public sealed class ContainerStorageUsage : IComparable<ContainerStorageUsage>, IComparable
{
    /// <summary>Container, Image or Volume.</summary>
    public StorageType Type { get; init; }

    /// <summary>How many there are.</summary>
    public int Total { get; init; }

    /// <summary>How many of them run or are used.</summary>
    public int Active { get; init; }

    /// <summary>Bytes they take.</summary>
    public long Size { get; init; }

    /// <summary>Bytes of those that nothing uses.</summary>
    public long Reclaimable { get; init; }

    /// <summary>Each of them, with -Detailed.</summary>
    public required StorageItem[] Item { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerStorageUsage? other) => other is null ? 1 : Type.CompareTo(other.Type);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerStorageUsage);

    /// <inheritdoc/>
    public override string ToString() => Type.ToString();
}
