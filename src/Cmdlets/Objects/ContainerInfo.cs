using System.Globalization;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Objects;

/// <summary>A container at the moment it was asked for.</summary>
public sealed class ContainerInfo : IComparable<ContainerInfo>, IComparable
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The image as the user named it, or the directory.</summary>
    public string? Image { get; init; }

    /// <summary>The image's id; null for a container of a directory or a bundle.</summary>
    public string? ImageId { get; init; }

    /// <summary>Where it stands: the words of ContainerState, which JSON keeps as words.</summary>
    public required string State { get; init; }

    /// <summary>How it does: what the checks of its health say, and how it ended.</summary>
    public string? Status { get; init; }

    /// <summary>The exit code, 128 + signal for a signal; null until it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>How often its restart policy has started it again.</summary>
    public int RestartCount { get; init; }

    /// <summary>What the checks of its health say; None where there are none.</summary>
    public required string Health { get; init; }

    /// <summary>What the last check of its health wrote.</summary>
    public string? HealthOutput { get; init; }

    /// <summary>Why it ended or never ran, where that was not the command's own doing.</summary>
    public string? Error { get; init; }

    /// <summary>Its first process as the host sees it, while it runs.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The command and its arguments, where they are not the image's.</summary>
    public required string Command { get; init; }

    /// <summary>When it was created.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>How long it has run, while it does.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTime? FinishedAt { get; init; }

    /// <summary>The host name inside.</summary>
    public string? Hostname { get; init; }

    /// <summary>Labels: for the user to find things by.</summary>
    public required IReadOnlyDictionary<string, string> Label { get; init; }

    /// <summary>What is mounted beside the root filesystem.</summary>
    public required ContainerMountInfo[] Mount { get; init; }

    /// <summary>Bytes of memory it may use; null is no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>Processors it may use; null is no limit.</summary>
    public double? Cpu { get; init; }

    /// <summary>Whether it was made without the module's confinement.</summary>
    public bool Privileged { get; init; }

    /// <summary>Where its user namespace comes from; Private is the default.</summary>
    public required string UserNamespace { get; init; }

    /// <summary>Where its network namespace comes from; Private is the default.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>The first host id of its 65,536 ids; null where it has no range of its own.</summary>
    public long? IdRangeStart { get; init; }

    /// <summary>Bytes on the disk, without its image and volumes; null where it was not asked for.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// Everything it was created from. In PowerShell it is the property Configuration (Container.Types.ps1xml), which is
    /// hidden: it would be a page of its own in every list and all JSON of a container.
    /// </summary>
    internal ContainerConfiguration Configuration { get; private init; } = new();

    /// <inheritdoc/>
    public int CompareTo(ContainerInfo? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerInfo);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerInfo From(ContainerRecord record, long? size = null)
    {
        ContainerConfiguration made = record.Configuration;
        return new ContainerInfo
        {
            Id = record.Id,
            Name = record.Name,
            Image = record.ImageName,
            ImageId = record.ImageId,
            State = record.State.ToString(),
            Status = StatusOf(record),
            ExitCode = record.ExitCode,
            Signal = record.Signal,
            OutOfMemory = record.OutOfMemory,
            RestartCount = record.RestartCount,
            Health = record.Health.ToString(),
            HealthOutput = record.HealthOutput,
            Error = record.Error,
            ProcessId = record.Pid,
            Command = CommandText.Join(made.Command, made.ArgumentList),
            CreatedAt = record.CreatedAt.LocalDateTime,
            StartedAt = record.StartedAt?.LocalDateTime,
            Uptime = record.Uptime,
            FinishedAt = record.FinishedAt?.LocalDateTime,
            Hostname = made.Hostname,
            Label = made.Label ?? new Dictionary<string, string>(),
            Mount = [.. (made.Mount ?? []).Select(mount => new ContainerMountInfo(mount))],
            Memory = made.Memory,
            Cpu = made.Cpu,
            Privileged = made.Privileged,
            UserNamespace = (made.UserNamespace ?? NamespaceMode.Private).ToString(),
            NetworkNamespace = (made.NetworkNamespace ?? NamespaceMode.Private).ToString(),
            IdRangeStart = record.IdRangeStart,
            Size = size,
            Configuration = made,
        };
    }

    private static string? StatusOf(ContainerRecord record) => record switch
    {
        { State: ContainerState.Running or ContainerState.Paused, Health: not ContainerHealth.None } =>
            record.Health.ToString(),
        { State: ContainerState.Exited, OutOfMemory: true } => nameof(OutOfMemory),
        { State: ContainerState.Exited, ExitCode: { } code } =>
            string.Create(CultureInfo.InvariantCulture, $"Exit {code}"),
        _ => null,
    };
}
