namespace Container.Engine.Configuration;

/// <summary>One mount the user asks for.</summary>
public sealed partial record ContainerMount
{
    /// <summary>What is mounted.</summary>
    public ContainerMountType Type { get; init; }

    /// <summary>The absolute host path of a bind or overlay, or the name of a volume or image.</summary>
    public string? Source { get; init; }

    /// <summary>The absolute path inside the container.</summary>
    public required string Target { get; init; }

    /// <summary>Refuse writes, in mounts below the source too.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Show a bind with the host's ids shifted into the container's user namespace, so that its root owns what the
    /// host's root owns. Without it everything of the host belongs to nobody.
    /// </summary>
    public bool IdMap { get; init; }

    /// <summary>
    /// Show files of this user of the host as those of one inside, as UID or UID:INSIDE; INSIDE is 0 where left out.
    /// Nothing is chowned; files of others show as nobody's.
    /// </summary>
    public string? MapUser { get; init; }

    /// <summary>The same for groups; as <see cref="MapUser"/> where null.</summary>
    public string? MapGroup { get; init; }

    /// <summary>Leave a new volume empty: do not copy what the image has at its place.</summary>
    public bool NoCopy { get; init; }

    /// <summary>The volume was made for the container and goes with it.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Bytes of a temporary filesystem; half of memory where null.</summary>
    public long? Size { get; init; }

    /// <summary>Mode of a temporary filesystem's root; 1777 (octal) where null.</summary>
    public uint? Mode { get; init; }

    /// <summary>Further mount options, as mount(8) writes them.</summary>
    public IReadOnlyList<string>? Option { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Type switch
    {
        ContainerMountType.Tmpfs => $"tmpfs:{Target}",
        ContainerMountType.Image => $"image:{Source}:{Target}",
        _ => $"{(Source is null ? "" : Source + ":")}{Target}{(ReadOnly ? ":ro" : "")}",
    };
}
