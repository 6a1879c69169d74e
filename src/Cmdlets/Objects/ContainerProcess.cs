using Container.Engine.Catalog;
using Container.Engine.Containers;

namespace Container.Cmdlets.Objects;

/// <summary>A process of a container.</summary>
public sealed class ContainerProcess : IComparable<ContainerProcess>, IComparable
{
    /// <summary>Its id inside the container. Id would be one of the host to Stop-Process.</summary>
    public int ContainerProcessId { get; init; }

    /// <summary>Its id on the host.</summary>
    public int HostId { get; init; }

    /// <summary>Its parent's id on the host.</summary>
    public int ParentHostId { get; init; }

    /// <summary>The command's name. Name would be that of processes of the host to Stop-Process.</summary>
    public required string ContainerProcessName { get; init; }

    /// <summary>The user id inside the container; null where it is not mapped.</summary>
    public long? User { get; init; }

    /// <summary>The user id on the host.</summary>
    public long HostUser { get; init; }

    /// <summary>The letter of proc(5): R, S, D, T, Z …</summary>
    public char State { get; init; }

    /// <summary>Seconds of processor time used.</summary>
    public double CPU { get; init; }

    /// <summary>Bytes of memory resident.</summary>
    public long WorkingSet { get; init; }

    /// <summary>When it was started.</summary>
    public DateTime StartTime { get; init; }

    /// <summary>The command line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerProcess? other) => string.CompareOrdinal(ContainerProcessName, other?.ContainerProcessName);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerProcess);

    /// <inheritdoc/>
    public override string ToString() => $"{ContainerProcessId}";

    internal static ContainerProcess From(ContainerProcessRecord record, ContainerRecord container) => new()
    {
        ContainerProcessId = record.Id,
        HostId = record.HostId,
        ParentHostId = record.ParentHostId,
        ContainerProcessName = record.Name,
        User = record.UserId,
        HostUser = record.HostUserId,
        State = record.State,
        CPU = record.ProcessorTime.TotalSeconds,
        WorkingSet = record.WorkingSet,
        StartTime = record.StartedAt.LocalDateTime,
        CommandLine = CommandText.Join(null, record.CommandLine),
        Container = container.Name,
        ContainerId = container.Id,
    };
}
