using Container.Engine.Catalog;

namespace Container.Cmdlets.Objects;

/// <summary>What one check of a container's health has shown.</summary>
public sealed class ContainerHealthInfo : IComparable<ContainerHealthInfo>, IComparable
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's health after the check.</summary>
    public ContainerHealth Health { get; init; }

    /// <summary>The exit code; -1 where the check took too long or could not be run.</summary>
    public int ExitCode { get; init; }

    /// <summary>What the check wrote, its beginning.</summary>
    public required string Output { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerHealthInfo? other) => string.CompareOrdinal(Container, other?.Container);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerHealthInfo);

    /// <inheritdoc/>
    public override string ToString() => Health.ToString();

    internal static ContainerHealthInfo From(ContainerHealthResult result) => new()
    {
        Container = result.Container.Name,
        ContainerId = result.Container.Id,
        Health = result.Container.Health,
        ExitCode = result.ExitCode,
        Output = result.Output,
    };
}
