using Container.Engine.Storage;

namespace Container.Cmdlets.Objects;

/// <summary>Something that is wrong with the state, or was.</summary>
public sealed class ContainerStorageIssue : IComparable<ContainerStorageIssue>, IComparable
{
    /// <summary>What it is.</summary>
    public StorageIssueKind Kind { get; init; }

    /// <summary>The object it is about: an id, a digest, a name or a path.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was found.</summary>
    public required string Path { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>Whether it can be mended without losing what is somebody's.</summary>
    public bool Repairable { get; init; }

    /// <summary>Whether it has been mended.</summary>
    public bool Repaired { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerStorageIssue? other) => string.CompareOrdinal(Path, other?.Path);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerStorageIssue);

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal static ContainerStorageIssue From(StorageIssue issue, bool repaired = false) => new()
    {
        Kind = issue.Kind,
        Id = issue.Id,
        Path = issue.Path,
        Message = issue.Message,
        Repairable = issue.IsRepairable,
        Repaired = repaired,
    };

    internal StorageIssue Found() => new()
    {
        Kind = Kind, Id = Id, Path = Path, Message = Message, IsRepairable = Repairable,
    };
}
