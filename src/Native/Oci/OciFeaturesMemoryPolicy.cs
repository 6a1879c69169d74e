using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do with NUMA memory policies.</summary>
public sealed record OciFeaturesMemoryPolicy : IJsonObject<OciFeaturesMemoryPolicy>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesMemoryPolicy()
    {
    }

    private OciFeaturesMemoryPolicy(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("modes"u8)) Modes = json.Texts();
            else if (json.Is("flags"u8)) Flags = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>The modes.</summary>
    public IReadOnlyList<string>? Modes { get; init; }

    /// <summary>The flags.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    static OciFeaturesMemoryPolicy IJsonObject<OciFeaturesMemoryPolicy>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("modes"u8, Modes);
        json.Member("flags"u8, Flags);
    }
}
