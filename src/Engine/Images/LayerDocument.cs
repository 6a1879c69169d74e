namespace Container.Engine.Images;

/// <summary>What the store knows of a layer beside its tree.</summary>
internal sealed record LayerDocument
{
    /// <summary>Bytes of the layer's tar, uncompressed.</summary>
    public long ArchiveSize { get; init; }

    /// <summary>Bytes of its files.</summary>
    public long ContentSize { get; init; }

    /// <summary>How many entries its tar has.</summary>
    public long Entries { get; init; }

    /// <summary>
    /// Directories that its tar only implies, empty for the root; null where a former version unpacked it.
    /// </summary>
    public IReadOnlyList<string>? Implied { get; init; }
}
