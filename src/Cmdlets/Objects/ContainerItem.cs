namespace Container.Cmdlets.Objects;

/// <summary>A file or directory inside a container.</summary>
public sealed class ContainerItem : IComparable<ContainerItem>, IComparable
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The path inside.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerItem? other) => string.CompareOrdinal(Path, other?.Path);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerItem);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
