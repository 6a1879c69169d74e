using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do beyond mount(2).</summary>
public sealed record OciFeaturesMountExtensions : IJsonObject<OciFeaturesMountExtensions>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesMountExtensions()
    {
    }

    private OciFeaturesMountExtensions(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("idmap"u8)) Idmap = json.Object<OciFeaturesEnabled>();
            else json.Skip();
        }
    }

    /// <summary>Idmapped mounts.</summary>
    public OciFeaturesEnabled? Idmap { get; init; }

    static OciFeaturesMountExtensions IJsonObject<OciFeaturesMountExtensions>.Read(ref JsonSource json) =>
        new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("idmap"u8, Idmap);
    }
}
