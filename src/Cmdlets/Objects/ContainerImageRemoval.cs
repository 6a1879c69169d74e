using Container.Engine.Images;

namespace Container.Cmdlets.Objects;

/// <summary>What removing an image did.</summary>
public sealed class ContainerImageRemoval : IComparable<ContainerImageRemoval>, IComparable
{
    /// <summary>The image's id.</summary>
    public required string Id { get; init; }

    /// <summary>The references that are gone.</summary>
    public required string[] Untagged { get; init; }

    /// <summary>The image's id and the digests of layers that are gone; empty where it keeps other names.</summary>
    public required string[] Deleted { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerImageRemoval? other) => string.CompareOrdinal(Id, other?.Id);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerImageRemoval);

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal static ContainerImageRemoval From(string id, ImageRemoval removal) => new()
    {
        Id = id,
        Untagged = [.. removal.Untagged],
        Deleted = [.. removal.Deleted],
    };
}
