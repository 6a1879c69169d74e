using Container.Engine.Host;

namespace Container.Cmdlets.Objects;

/// <summary>One requirement of the host and whether it is met.</summary>
public sealed class ContainerHostCheck : IComparable<ContainerHostCheck>, IComparable
{
    /// <summary>The requirement.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is met.</summary>
    public bool Passed { get; init; }

    /// <summary>Containers cannot run without it; otherwise only a feature is missing.</summary>
    public bool Required { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do about it; null where it is met.</summary>
    public string? RecommendedAction { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerHostCheck? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerHostCheck);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerHostCheck From(HostCheck check) => new()
    {
        Name = check.Name,
        Passed = check.Passed,
        Required = check.Required,
        Detail = check.Detail,
        RecommendedAction = check.RecommendedAction,
    };
}
