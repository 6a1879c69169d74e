using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Packet class and priorities of a cgroup (cgroup v1).</summary>
public sealed record OciNetwork : IJsonObject<OciNetwork>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciNetwork()
    {
    }

    private OciNetwork(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("classID"u8)) ClassId = json.OptionalUInt32();
            else if (json.Is("priorities"u8)) Priorities = json.Objects<OciInterfacePriority>();
            else json.Skip();
        }
    }

    /// <summary>The class of the container's packets, net_cls.</summary>
    public uint? ClassId { get; init; }

    /// <summary>Priorities by interface, net_prio.</summary>
    public IReadOnlyList<OciInterfacePriority>? Priorities { get; init; }

    static OciNetwork IJsonObject<OciNetwork>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("classID"u8, ClassId);
        json.Member("priorities"u8, Priorities);
    }
}
