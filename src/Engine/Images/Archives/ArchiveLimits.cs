namespace Container.Engine.Images.Archives;

/// <summary>How much an archive may ask for before it is taken for a bomb.</summary>
internal sealed record ArchiveLimits
{
    /// <summary>Bytes of the uncompressed archive, and of all its files with their holes.</summary>
    public long Bytes { get; init; } = 256L << 30;

    /// <summary>Entries.</summary>
    public long Entries { get; init; } = 2_000_000;

    /// <summary>Uncompressed bytes per compressed byte, above <see cref="FreeBytes"/>; deflate reaches 1,032.</summary>
    public long Ratio { get; init; } = 256;

    /// <summary>Uncompressed bytes below which the ratio does not matter.</summary>
    public long FreeBytes { get; init; } = 1L << 30;

    /// <summary>Characters of the names of all directories, which are kept until the end.</summary>
    public long DirectoryNames { get; init; } = 256L << 20;

    /// <summary>Bytes of all manifests, indexes and configurations that are read, which are kept until the end.</summary>
    public long Documents { get; init; } = 128L << 20;

    /// <summary>Bytes of one extended header or long name.</summary>
    public int HeaderBytes { get; init; } = 1 << 20;
}
