namespace Container.Engine.Storage;

/// <summary>One object that takes space.</summary>
public sealed record StorageItem
{
    /// <summary>What it is.</summary>
    public StorageType Type { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id; a volume's is its name.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes that would be free without it; of an image those of layers that no other image has.</summary>
    public long Size { get; init; }

    /// <summary>Whether it runs, or is used by a container.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether nobody gave it a name.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string>? Label { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
