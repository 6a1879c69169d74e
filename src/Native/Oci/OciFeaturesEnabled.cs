using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Whether a runtime has one feature.</summary>
public sealed record OciFeaturesEnabled : IJsonObject<OciFeaturesEnabled>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesEnabled()
    {
    }

    private OciFeaturesEnabled(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("enabled"u8)) Enabled = json.OptionalFlag();
            else json.Skip();
        }
    }

    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }

    static OciFeaturesEnabled IJsonObject<OciFeaturesEnabled>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("enabled"u8, Enabled);
    }
}
