using Container.Engine.Storage;

namespace Container.Cmdlets.Objects;

/// <summary>Something that was removed to free space.</summary>
public sealed class ContainerPruneResult : IComparable<ContainerPruneResult>, IComparable
{
    /// <summary>Container, Image or Volume.</summary>
    public StorageType Type { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes that are free now.</summary>
    public long Size { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerPruneResult? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerPruneResult);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
