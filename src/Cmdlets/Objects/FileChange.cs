using Container.Engine.Files;

namespace Container.Cmdlets.Objects;

/// <summary>A file that a container changed against its image.</summary>
public sealed class FileChange : IComparable<FileChange>, IComparable
{
    /// <summary>The path inside.</summary>
    public required string Path { get; init; }

    /// <summary>What happened to it.</summary>
    public ChangeKind Kind { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <inheritdoc/>
    public int CompareTo(FileChange? other) => string.CompareOrdinal(Path, other?.Path);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as FileChange);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
