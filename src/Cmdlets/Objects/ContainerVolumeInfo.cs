using Container.Engine.Volumes;

namespace Container.Cmdlets.Objects;

/// <summary>A volume at the moment it was asked for.</summary>
public sealed class ContainerVolumeInfo : IComparable<ContainerVolumeInfo>, IComparable
{
    /// <summary>Its unique name; 64 hexadecimal digits where nobody named it.</summary>
    public required string Name { get; init; }

    /// <summary>What keeps it: local.</summary>
    public required string Driver { get; init; }

    /// <summary>Whether it goes with its container.</summary>
    public bool Anonymous { get; init; }

    /// <summary>The containers that use it.</summary>
    public required string[] Container { get; init; }

    /// <summary>The directory on the host that has its content.</summary>
    public required string MountPoint { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>The user id inside containers that it was made for.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id inside containers that it was made for.</summary>
    public uint Gid { get; init; }

    /// <summary>Most bytes it can hold; null without a limit.</summary>
    public long? Size { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Label { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerVolumeInfo? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerVolumeInfo);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerVolumeInfo From(VolumeRecord record, IReadOnlyList<string> users) => new()
    {
        Name = record.Name,
        Driver = record.Driver,
        Anonymous = record.IsAnonymous,
        Container = [.. users],
        MountPoint = record.Path,
        CreatedAt = record.CreatedAt.LocalDateTime,
        Uid = record.Uid,
        Gid = record.Gid,
        Size = record.Size,
        Label = record.Label ?? new Dictionary<string, string>(),
    };
}
