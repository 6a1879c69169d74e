namespace Container.Engine.Containers;

/// <summary>One mount the user asks for.</summary>
public sealed partial record ContainerMount
{
    /// <summary>What is mounted.</summary>
    public ContainerMountType Type { get; init; }

    /// <summary>The absolute host path of a bind.</summary>
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

    /// <summary>Bytes of a temporary filesystem; half of memory where null.</summary>
    public long? Size { get; init; }

    /// <summary>Mode of a temporary filesystem's root; 1777 (octal) where null.</summary>
    public uint? Mode { get; init; }

    /// <summary>Further mount options, as mount(8) writes them.</summary>
    public IReadOnlyList<string>? Option { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Type == ContainerMountType.Tmpfs ? $"tmpfs:{Target}" : $"{Source}:{Target}{(ReadOnly ? ":ro" : "")}";
}
