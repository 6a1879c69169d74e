using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>A range of ids of a user namespace, user_namespaces(7).</summary>
public sealed record OciIdMapping : IJsonObject<OciIdMapping>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciIdMapping()
    {
    }

    private OciIdMapping(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("containerID"u8)) ContainerId = json.UInt32();
            else if (json.Is("hostID"u8)) HostId = json.UInt32();
            else if (json.Is("size"u8)) Size = json.UInt32();
            else json.Skip();
        }
    }

    /// <summary>The first id inside.</summary>
    public uint ContainerId { get; init; }

    /// <summary>The first id outside.</summary>
    public uint HostId { get; init; }

    /// <summary>How many ids.</summary>
    public uint Size { get; init; }

    static OciIdMapping IJsonObject<OciIdMapping>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("containerID"u8, ContainerId);
        json.Member("hostID"u8, HostId);
        json.Member("size"u8, Size);
    }
}
