using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do with cgroups.</summary>
public sealed record OciFeaturesCgroup : IJsonObject<OciFeaturesCgroup>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesCgroup()
    {
    }

    private OciFeaturesCgroup(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("v1"u8)) V1 = json.OptionalFlag();
            else if (json.Is("v2"u8)) V2 = json.OptionalFlag();
            else if (json.Is("systemd"u8)) Systemd = json.OptionalFlag();
            else if (json.Is("systemdUser"u8)) SystemdUser = json.OptionalFlag();
            else if (json.Is("rdma"u8)) Rdma = json.OptionalFlag();
            else json.Skip();
        }
    }

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

    static OciFeaturesCgroup IJsonObject<OciFeaturesCgroup>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("v1"u8, V1);
        json.Member("v2"u8, V2);
        json.Member("systemd"u8, Systemd);
        json.Member("systemdUser"u8, SystemdUser);
        json.Member("rdma"u8, Rdma);
    }
}
