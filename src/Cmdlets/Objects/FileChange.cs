using Container.Engine.Files;

namespace Container.Cmdlets.Objects;

/// <summary>A file that a container changed against its image.</summary>
public sealed class FileChange : IComparable<FileChange>, IComparable
{
    /// <summary>The path inside. Path would be one of the host to PowerShell's cmdlets.</summary>
    public required string ContainerPath { get; init; }

    /// <summary>What happened to it.</summary>
    public ChangeKind Kind { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <inheritdoc/>
    public int CompareTo(FileChange? other) => string.CompareOrdinal(ContainerPath, other?.ContainerPath);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as FileChange);

    /// <summary>A text that is no path: cmdlets of the host take the text of what they do not know for one.</summary>
    public override string ToString() => $"{Kind} {ContainerPath}";
}
