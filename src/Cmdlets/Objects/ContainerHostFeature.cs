using Container.Engine.Host;

namespace Container.Cmdlets.Objects;

/// <summary>Something that the runtime or the kernel can do, or cannot.</summary>
public sealed class ContainerHostFeature : IComparable<ContainerHostFeature>, IComparable
{
    /// <summary>What it belongs to, as in Namespace or Cgroup.</summary>
    public required string Category { get; init; }

    /// <summary>Its name, as the runtime specification or the kernel words it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be used here.</summary>
    public bool Available { get; init; }

    /// <summary>What was found.</summary>
    public string? Detail { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerHostFeature? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerHostFeature);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerHostFeature From(HostFeature feature) => new()
    {
        Category = feature.Category,
        Name = feature.Name,
        Available = feature.IsAvailable,
        Detail = feature.Detail,
    };
}
