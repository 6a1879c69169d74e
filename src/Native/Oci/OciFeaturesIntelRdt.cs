using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do with resctrl.</summary>
public sealed record OciFeaturesIntelRdt : IJsonObject<OciFeaturesIntelRdt>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesIntelRdt()
    {
    }

    private OciFeaturesIntelRdt(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("enabled"u8)) Enabled = json.OptionalFlag();
            else if (json.Is("schemata"u8)) Schemata = json.OptionalFlag();
            else if (json.Is("monitoring"u8)) Monitoring = json.OptionalFlag();
            else json.Skip();
        }
    }

    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether <c>schemata</c> is.</summary>
    public bool? Schemata { get; init; }

    /// <summary>Whether <c>enableMonitoring</c> is.</summary>
    public bool? Monitoring { get; init; }

    static OciFeaturesIntelRdt IJsonObject<OciFeaturesIntelRdt>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("enabled"u8, Enabled);
        json.Member("schemata"u8, Schemata);
        json.Member("monitoring"u8, Monitoring);
    }
}
