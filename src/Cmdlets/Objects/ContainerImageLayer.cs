using Container.Engine.Images;

namespace Container.Cmdlets.Objects;

/// <summary>One step of an image's history.</summary>
public sealed class ContainerImageLayer : IComparable<ContainerImageLayer>, IComparable
{
    /// <summary>The image's id.</summary>
    public required string Image { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The command that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>What was said.</summary>
    public string? Comment { get; init; }

    /// <summary>The digest of its layer; null where it has none.</summary>
    public string? Digest { get; init; }

    /// <summary>Bytes of the layer's files.</summary>
    public long Size { get; init; }

    /// <summary>Whether it has no layer.</summary>
    public bool Empty { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerImageLayer? other) => Nullable.Compare(CreatedAt, other?.CreatedAt);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerImageLayer);

    /// <inheritdoc/>
    public override string ToString() => Digest ?? CreatedBy ?? Image;

    internal static ContainerImageLayer From(string image, ImageLayerRecord record) => new()
    {
        Image = image,
        CreatedAt = record.CreatedAt?.LocalDateTime,
        CreatedBy = record.CreatedBy,
        Author = record.Author,
        Comment = record.Comment,
        Digest = record.Digest,
        Size = record.Size,
        Empty = record.Digest is null,
    };
}
