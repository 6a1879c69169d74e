namespace Container.Engine.Containers;

/// <summary>A process of a container, as the host's /proc shows it.</summary>
public sealed record ContainerProcessRecord
{
    /// <summary>Its id inside the container.</summary>
    public int Id { get; init; }

    /// <summary>Its id on the host.</summary>
    public int HostId { get; init; }

    /// <summary>Its parent's id on the host.</summary>
    public int ParentHostId { get; init; }

    /// <summary>The command's name (at most 15 characters, as the kernel keeps it).</summary>
    public required string Name { get; init; }

    /// <summary>The command line; empty for a process that has ended.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>The user id on the host.</summary>
    public long HostUserId { get; init; }

    /// <summary>The user id inside the container; null where it is not mapped.</summary>
    public long? UserId { get; init; }

    /// <summary>The letter of proc(5): R, S, D, T, Z …</summary>
    public char State { get; init; }

    /// <summary>Processor time used.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Bytes of memory resident.</summary>
    public long WorkingSet { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; init; }
}
