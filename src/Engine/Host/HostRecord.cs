namespace Container.Engine.Host;

/// <summary>The host and the engine on it.</summary>
public sealed record HostRecord
{
    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel's release, as uname -r prints it.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>The distribution, from os-release(5).</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The processor architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Processors the engine may use.</summary>
    public int ProcessorCount { get; init; }

    /// <summary>Bytes of memory.</summary>
    public long TotalMemory { get; init; }

    /// <summary>v1, v2 or hybrid.</summary>
    public required string CgroupMode { get; init; }

    /// <summary>The controllers that limits can use.</summary>
    public IReadOnlyList<string> CgroupControllers { get; init; } = [];

    /// <summary>Kernel features in use: idmapped mounts, openat2, pidfd …</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Where state is kept.</summary>
    public required string StateRoot { get; init; }

    /// <summary>Where the state of what runs is kept.</summary>
    public required string RunRoot { get; init; }

    /// <summary>The psrun executable.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>psrun's version; null where it does not answer.</summary>
    public string? RuntimeVersion { get; init; }

    /// <summary>The module's version.</summary>
    public required string Version { get; init; }

    /// <summary>Containers in any state.</summary>
    public int ContainerCount { get; init; }

    /// <summary>Containers that run.</summary>
    public int RunningContainerCount { get; init; }

    /// <summary>Images, the built-in one included.</summary>
    public int ImageCount { get; init; }
}
