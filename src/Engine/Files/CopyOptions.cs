namespace Container.Engine.Files;

/// <summary>How a tree is copied.</summary>
internal sealed record CopyOptions
{
    /// <summary>The owner a copy gets, from the original's; null leaves it to the kernel.</summary>
    public Func<uint, uint, (uint Uid, uint Gid)>? Owner { get; init; }

    /// <summary>Whether extended attributes are copied.</summary>
    public bool Attributes { get; init; }

    /// <summary>Whether what gives rights is copied: <see cref="SpecialFiles"/>. Sockets never are.</summary>
    public bool Special { get; init; }

    /// <summary>Whether the source is the host itself, whose files of /proc and /sys can be copied.</summary>
    public bool Generated { get; init; }

    /// <summary>Whether directories are copied with what they hold.</summary>
    public bool Recurse { get; init; } = true;

    /// <summary>Whether what cannot be copied of a tree ends the copy; otherwise it is a warning.</summary>
    public bool Strict { get; init; }

    /// <summary>Hears how many bytes were copied, now and then.</summary>
    public Action<long>? Progress { get; init; }
}
