using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Execution domain, personality(2).</summary>
public sealed record OciPersonality : IJsonObject<OciPersonality>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciPersonality()
    {
    }

    private OciPersonality(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("domain"u8)) Domain = json.Text();
            else if (json.Is("flags"u8)) Flags = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>LINUX or LINUX32.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Further flags; the specification defines none.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    static OciPersonality IJsonObject<OciPersonality>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("domain"u8, Domain);
        json.Member("flags"u8, Flags);
    }
}
