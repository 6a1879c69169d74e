using Container.Engine.Host;

namespace Container.Cmdlets.Objects;

/// <summary>The host and the engine on it.</summary>
public sealed class ContainerHostInfo : IComparable<ContainerHostInfo>, IComparable
{
    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>The module's version.</summary>
    public required string Version { get; init; }

    /// <summary>The distribution.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The kernel's release.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>The processor architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Processors the module may use.</summary>
    public int ProcessorCount { get; init; }

    /// <summary>Bytes of memory.</summary>
    public long TotalMemory { get; init; }

    /// <summary>v1, v2 or hybrid.</summary>
    public required string CgroupMode { get; init; }

    /// <summary>The controllers that limits can use.</summary>
    public required string[] CgroupController { get; init; }

    /// <summary>Kernel features in use.</summary>
    public required string[] Feature { get; init; }

    /// <summary>Where state is kept.</summary>
    public required string StateRoot { get; init; }

    /// <summary>Where the state of what runs is kept.</summary>
    public required string RunRoot { get; init; }

    /// <summary>The psrun executable.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>psrun's version; null where it does not answer.</summary>
    public string? RuntimeVersion { get; init; }

    /// <summary>Containers in any state.</summary>
    public int ContainerCount { get; init; }

    /// <summary>Containers that run.</summary>
    public int RunningContainerCount { get; init; }

    /// <summary>Images, the built-in one included.</summary>
    public int ImageCount { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerHostInfo? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerHostInfo);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerHostInfo From(HostRecord record) => new()
    {
        Name = record.Name,
        Version = record.Version,
        OperatingSystem = record.OperatingSystem,
        KernelRelease = record.KernelRelease,
        Architecture = record.Architecture,
        ProcessorCount = record.ProcessorCount,
        TotalMemory = record.TotalMemory,
        CgroupMode = record.CgroupMode,
        CgroupController = [.. record.CgroupControllers],
        Feature = [.. record.Features],
        StateRoot = record.StateRoot,
        RunRoot = record.RunRoot,
        RuntimePath = record.RuntimePath,
        RuntimeVersion = record.RuntimeVersion,
        ContainerCount = record.ContainerCount,
        RunningContainerCount = record.RunningContainerCount,
        ImageCount = record.ImageCount,
    };
}
