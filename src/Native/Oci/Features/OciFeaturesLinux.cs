using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>The part of <see cref="OciFeatures"/> that only Linux has.</summary>
[JsonObject]
public sealed partial record OciFeaturesLinux
{
    /// <summary>The types of namespaces.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>The names of capabilities.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Cgroups.</summary>
    public OciFeaturesCgroup? Cgroup { get; init; }

    /// <summary>System-call filters.</summary>
    public OciFeaturesSeccomp? Seccomp { get; init; }

    /// <summary>AppArmor.</summary>
    public OciFeaturesEnabled? Apparmor { get; init; }

    /// <summary>SELinux.</summary>
    public OciFeaturesEnabled? Selinux { get; init; }

    /// <summary>Cache and memory bandwidth allocation.</summary>
    public OciFeaturesIntelRdt? IntelRdt { get; init; }

    /// <summary>NUMA memory policies.</summary>
    public OciFeaturesMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>Idmapped mounts.</summary>
    public OciFeaturesMountExtensions? MountExtensions { get; init; }

    /// <summary>Moving network devices.</summary>
    public OciFeaturesEnabled? NetDevices { get; init; }
}
