using Container.Engine.Configuration;

namespace Container.Engine.Catalog;

/// <summary>container.json: what is decided when a container is created; name and limits can change later.</summary>
internal sealed record ContainerDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ContainerConfiguration Configuration { get; init; }

    public string? ImageId { get; init; }

    public string? ImageName { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public long? IdRangeStart { get; init; }

    /// <summary>The container's place among the control groups.</summary>
    public required string CgroupsPath { get; init; }

    /// <summary>The signal that asks it to stop, after image and configuration.</summary>
    public int StopSignal { get; init; }

    /// <summary>Where its root filesystem comes from.</summary>
    public required ContainerRootFs RootFs { get; init; }

    /// <summary>The process with which it goes; null where it goes with none.</summary>
    public LeaseHolder? LeasedTo { get; init; }
}
