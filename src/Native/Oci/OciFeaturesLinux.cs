using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The part of <see cref="OciFeatures"/> that only Linux has.</summary>
public sealed record OciFeaturesLinux : IJsonObject<OciFeaturesLinux>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesLinux()
    {
    }

    private OciFeaturesLinux(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("namespaces"u8)) Namespaces = json.Texts();
            else if (json.Is("capabilities"u8)) Capabilities = json.Texts();
            else if (json.Is("cgroup"u8)) Cgroup = json.Object<OciFeaturesCgroup>();
            else if (json.Is("seccomp"u8)) Seccomp = json.Object<OciFeaturesSeccomp>();
            else if (json.Is("apparmor"u8)) Apparmor = json.Object<OciFeaturesEnabled>();
            else if (json.Is("selinux"u8)) Selinux = json.Object<OciFeaturesEnabled>();
            else if (json.Is("intelRdt"u8)) IntelRdt = json.Object<OciFeaturesIntelRdt>();
            else if (json.Is("memoryPolicy"u8)) MemoryPolicy = json.Object<OciFeaturesMemoryPolicy>();
            else if (json.Is("mountExtensions"u8)) MountExtensions = json.Object<OciFeaturesMountExtensions>();
            else if (json.Is("netDevices"u8)) NetDevices = json.Object<OciFeaturesEnabled>();
            else json.Skip();
        }
    }

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

    static OciFeaturesLinux IJsonObject<OciFeaturesLinux>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("namespaces"u8, Namespaces);
        json.Member("capabilities"u8, Capabilities);
        json.Member("cgroup"u8, Cgroup);
        json.Member("seccomp"u8, Seccomp);
        json.Member("apparmor"u8, Apparmor);
        json.Member("selinux"u8, Selinux);
        json.Member("intelRdt"u8, IntelRdt);
        json.Member("memoryPolicy"u8, MemoryPolicy);
        json.Member("mountExtensions"u8, MountExtensions);
        json.Member("netDevices"u8, NetDevices);
    }
}
