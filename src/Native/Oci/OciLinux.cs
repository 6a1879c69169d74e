using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The part of the configuration that only Linux has (config-linux.md).</summary>
[JsonObject]
public sealed partial record OciLinux
{
    /// <summary>User ids of the user namespace.</summary>
    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of the user namespace.</summary>
    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }

    /// <summary>Namespaced kernel parameters, by sysctl(8) names.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>Cgroup limits.</summary>
    public OciResources? Resources { get; init; }

    /// <summary>The cgroup: a path, or <c>slice:prefix:name</c> for systemd.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>The namespaces that are created or joined.</summary>
    public IReadOnlyList<OciNamespace>? Namespaces { get; init; }

    /// <summary>Device nodes to create.</summary>
    public IReadOnlyList<OciDevice>? Devices { get; init; }

    /// <summary>Host network devices to move into the container, by their host name.</summary>
    public IReadOnlyDictionary<string, OciNetDevice>? NetDevices { get; init; }

    /// <summary>The system-call filter.</summary>
    public OciSeccomp? Seccomp { get; init; }

    /// <summary>Mount propagation of the root: shared, slave, private, unbindable or their recursive forms.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>Paths that show as empty.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that are made read-only.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>The SELinux context of the container's mounts.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Cache and memory bandwidth allocation, resctrl.</summary>
    public OciIntelRdt? IntelRdt { get; init; }

    /// <summary>NUMA memory policy, set_mempolicy(2).</summary>
    public OciMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>Execution domain, personality(2).</summary>
    public OciPersonality? Personality { get; init; }

    /// <summary>Clock offsets of the time namespace, by <c>monotonic</c> and <c>boottime</c>.</summary>
    public IReadOnlyDictionary<string, OciTimeOffset>? TimeOffsets { get; init; }
}
