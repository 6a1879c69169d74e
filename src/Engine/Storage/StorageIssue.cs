namespace Container.Engine.Storage;

/// <summary>Something that is wrong with the state.</summary>
public sealed record StorageIssue
{
    /// <summary>What it is.</summary>
    public StorageIssueKind Kind { get; init; }

    /// <summary>The object it is about: an id, a digest, a name or a path.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was found.</summary>
    public required string Path { get; init; }

    /// <summary>What is wrong, as a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Whether it can be mended without losing what is somebody's.</summary>
    public bool IsRepairable { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Message;
}
