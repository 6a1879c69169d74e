using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do with cgroups.</summary>
[JsonObject]
public sealed partial record OciFeaturesCgroup
{
    /// <summary>Cgroup v1.</summary>
    public bool? V1 { get; init; }

    /// <summary>Cgroup v2.</summary>
    public bool? V2 { get; init; }

    /// <summary>Through systemd.</summary>
    public bool? Systemd { get; init; }

    /// <summary>Through systemd of a user.</summary>
    public bool? SystemdUser { get; init; }

    /// <summary>RDMA limits.</summary>
    public bool? Rdma { get; init; }
}
