namespace Container.Engine.Images;

/// <summary>One step of an image's history.</summary>
public sealed record ImageLayerRecord
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The command that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>What was said.</summary>
    public string? Comment { get; init; }

    /// <summary>The digest of the layer; null for a step that made none.</summary>
    public string? Digest { get; init; }

    /// <summary>Bytes of its files.</summary>
    public long Size { get; init; }
}
