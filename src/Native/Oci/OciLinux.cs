using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The part of the configuration that only Linux has (config-linux.md).</summary>
public sealed record OciLinux : IJsonObject<OciLinux>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciLinux()
    {
    }

    private OciLinux(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("uidMappings"u8)) UidMappings = json.Objects<OciIdMapping>();
            else if (json.Is("gidMappings"u8)) GidMappings = json.Objects<OciIdMapping>();
            else if (json.Is("sysctl"u8)) Sysctl = json.TextMap();
            else if (json.Is("resources"u8)) Resources = json.Object<OciResources>();
            else if (json.Is("cgroupsPath"u8)) CgroupsPath = json.OptionalText();
            else if (json.Is("namespaces"u8)) Namespaces = json.Objects<OciNamespace>();
            else if (json.Is("devices"u8)) Devices = json.Objects<OciDevice>();
            else if (json.Is("netDevices"u8)) NetDevices = json.ObjectMap<OciNetDevice>();
            else if (json.Is("seccomp"u8)) Seccomp = json.Object<OciSeccomp>();
            else if (json.Is("rootfsPropagation"u8)) RootfsPropagation = json.OptionalText();
            else if (json.Is("maskedPaths"u8)) MaskedPaths = json.Texts();
            else if (json.Is("readonlyPaths"u8)) ReadonlyPaths = json.Texts();
            else if (json.Is("mountLabel"u8)) MountLabel = json.OptionalText();
            else if (json.Is("intelRdt"u8)) IntelRdt = json.Object<OciIntelRdt>();
            else if (json.Is("memoryPolicy"u8)) MemoryPolicy = json.Object<OciMemoryPolicy>();
            else if (json.Is("personality"u8)) Personality = json.Object<OciPersonality>();
            else if (json.Is("timeOffsets"u8)) TimeOffsets = json.ObjectMap<OciTimeOffset>();
            else json.Skip();
        }
    }

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

    static OciLinux IJsonObject<OciLinux>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("uidMappings"u8, UidMappings);
        json.Member("gidMappings"u8, GidMappings);
        json.Member("sysctl"u8, Sysctl);
        json.Member("resources"u8, Resources);
        json.Member("cgroupsPath"u8, CgroupsPath);
        json.Member("namespaces"u8, Namespaces);
        json.Member("devices"u8, Devices);
        json.Member("netDevices"u8, NetDevices);
        json.Member("seccomp"u8, Seccomp);
        json.Member("rootfsPropagation"u8, RootfsPropagation);
        json.Member("maskedPaths"u8, MaskedPaths);
        json.Member("readonlyPaths"u8, ReadonlyPaths);
        json.Member("mountLabel"u8, MountLabel);
        json.Member("intelRdt"u8, IntelRdt);
        json.Member("memoryPolicy"u8, MemoryPolicy);
        json.Member("personality"u8, Personality);
        json.Member("timeOffsets"u8, TimeOffsets);
    }
}
