namespace Container.Engine.Images;

/// <summary>One image of an archive.</summary>
internal sealed record ArchivedImage
{
    /// <summary>The configuration document, byte for byte.</summary>
    public required byte[] Config { get; init; }

    /// <summary>The same, read.</summary>
    public required ImageDocument Document { get; init; }

    /// <summary>The manifest, byte for byte, where the archive has one.</summary>
    public byte[]? Manifest { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The layers, lowest first.</summary>
    public IReadOnlyList<ArchivedLayer> Layers { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Names.Count > 0 ? Names[0] : ImageArchive.Digest(Config);
}
