using Container.Engine.Configuration;

namespace Container.Engine.Catalog;

/// <summary>What is known about one container at the moment it was asked for.</summary>
public sealed record ContainerRecord
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it was created from.</summary>
    public required ContainerConfiguration Configuration { get; init; }

    /// <summary>The image's id; null for a container of a directory or a bundle.</summary>
    public string? ImageId { get; init; }

    /// <summary>The image as the user named it, or the directory.</summary>
    public string? ImageName { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The first host id of its 65,536 ids; null where it has no range of its own.</summary>
    public long? IdRangeStart { get; init; }

    /// <summary>Where it stands.</summary>
    public ContainerState State { get; init; }

    /// <summary>Its first process as the host sees it, while it runs.</summary>
    public int? Pid { get; init; }

    /// <summary>The exit code, 128 + signal for a signal; null until it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long it has run, while it does: the clock of the host's time may have been set since.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How often its restart policy has started it again.</summary>
    public int RestartCount { get; init; }

    /// <summary>What the checks of its health say.</summary>
    public ContainerHealth Health { get; init; }

    /// <summary>What the last check of its health wrote.</summary>
    public string? HealthOutput { get; init; }

    /// <summary>Why it ended or never ran, where that was not the command's own doing.</summary>
    public string? Error { get; init; }

    /// <summary>The names of the volumes it uses.</summary>
    public IEnumerable<string> VolumeNames => (Configuration.Mount ?? [])
        .Where(mount => mount is { Type: ContainerMountType.Volume, Source: not null })
        .Select(mount => mount.Source!);

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>The process with which it goes.</summary>
    internal LeaseHolder? LeasedTo { get; init; }
}
