using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The RDMA limits of one device.</summary>
public sealed record OciRdma : IJsonObject<OciRdma>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciRdma()
    {
    }

    private OciRdma(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("hcaHandles"u8)) HcaHandles = json.OptionalUInt32();
            else if (json.Is("hcaObjects"u8)) HcaObjects = json.OptionalUInt32();
            else json.Skip();
        }
    }

    /// <summary>Handles.</summary>
    public uint? HcaHandles { get; init; }

    /// <summary>Objects.</summary>
    public uint? HcaObjects { get; init; }

    static OciRdma IJsonObject<OciRdma>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("hcaHandles"u8, HcaHandles);
        json.Member("hcaObjects"u8, HcaObjects);
    }
}
