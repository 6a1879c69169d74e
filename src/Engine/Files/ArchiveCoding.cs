namespace Container.Engine.Files;

/// <summary>How an archive that is written is compressed.</summary>
public enum ArchiveCoding
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With gzip.</summary>
    Gzip,

    /// <summary>With zstd, through libzstd.</summary>
    Zstd,
}
