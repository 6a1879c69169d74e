namespace Container.Cmdlets.Objects;

/// <summary>What a command in a container wrote and how it ended, as data.</summary>
public sealed class ContainerCommandResult : IComparable<ContainerCommandResult>, IComparable
{
    /// <summary>The exit code, 128 + signal for a signal.</summary>
    public int ExitCode { get; init; }

    /// <summary>The lines of standard output, or a script block's objects; empty with -NoOutputDecode.</summary>
    public required object[] Output { get; init; }

    /// <summary>The bytes of standard output with -NoOutputDecode, else null.</summary>
    public byte[]? OutputBytes { get; init; }

    /// <summary>The lines of standard error.</summary>
    public required string[] ErrorOutput { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether it was killed because -TimeoutSec had passed.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether the kernel killed a process of the container for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>The command and its arguments.</summary>
    public required string Command { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerCommandResult? other) =>
        other is null ? 1 : string.CompareOrdinal(Container, other.Container);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerCommandResult);

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Output);
}
