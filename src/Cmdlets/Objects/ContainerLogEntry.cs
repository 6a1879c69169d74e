using Container.Engine.Logs;

namespace Container.Cmdlets.Objects;

/// <summary>One line a container wrote.</summary>
public sealed class ContainerLogEntry : IComparable<ContainerLogEntry>, IComparable
{
    /// <summary>When its first byte was read.</summary>
    public DateTime Timestamp { get; init; }

    /// <summary>Where it was written to.</summary>
    public LogStream Stream { get; init; }

    /// <summary>The text without its line end.</summary>
    public required string Line { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerLogEntry? other) => other is null ? 1 : Timestamp.CompareTo(other.Timestamp);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerLogEntry);

    /// <summary>The line, so that <c>Get-ContainerLog web1 | Select-String error</c> searches the text.</summary>
    public override string ToString() => Line;
}
