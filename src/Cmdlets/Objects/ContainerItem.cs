namespace Container.Cmdlets.Objects;

/// <summary>A file or directory inside a container.</summary>
public sealed class ContainerItem : IComparable<ContainerItem>, IComparable
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The path inside. Path would be one of the host to PowerShell's cmdlets.</summary>
    public required string ContainerPath { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerItem? other) => string.CompareOrdinal(ContainerPath, other?.ContainerPath);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerItem);

    /// <summary>A text that is no path: cmdlets of the host take the text of what they do not know for one.</summary>
    public override string ToString() => $"{Container} {ContainerPath}";
}
