namespace Container.Engine.Images;

/// <summary>One image of the store.</summary>
public sealed record ImageRecord
{
    /// <summary>The sha256 of its configuration document: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its names, "name:tag".</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The digest of its manifest, "sha256:…"; empty for the built-in image.</summary>
    public string Digest { get; init; } = string.Empty;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of all its layers, uncompressed.</summary>
    public long Size { get; init; }

    /// <summary>The processor architecture, in Go's words: amd64, arm64.</summary>
    public required string Architecture { get; init; }

    /// <summary>The operating system: linux.</summary>
    public required string Os { get; init; }

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>What was said when it was made.</summary>
    public string? Comment { get; init; }

    /// <summary>How to run it.</summary>
    public ImageConfiguration Config { get; init; } = new();

    /// <summary>The layers' diff ids, "sha256:…", lowest first, as in the configuration document.</summary>
    public IReadOnlyList<string> LayerDigests { get; init; } = [];

    /// <summary>
    /// The layer on top that puts directories right which the image's own only imply; none where there are none.
    /// </summary>
    public string? DirectoryLayer { get; init; }

    /// <summary>Everything of the store that it needs, lowest first.</summary>
    internal IEnumerable<string> StoredLayers => DirectoryLayer is null ? LayerDigests : LayerDigests.Append(DirectoryLayer);

    /// <summary>Whether this is the built-in image of the host's own root.</summary>
    public bool IsHost => Id == HostImage.Id;

    /// <inheritdoc/>
    public override string ToString() => References.Count > 0 ? References[0] : Id;
}
