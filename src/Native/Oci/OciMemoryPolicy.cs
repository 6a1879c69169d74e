using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>NUMA memory policy, set_mempolicy(2).</summary>
public sealed record OciMemoryPolicy : IJsonObject<OciMemoryPolicy>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciMemoryPolicy()
    {
    }

    private OciMemoryPolicy(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("mode"u8)) Mode = json.Text();
            else if (json.Is("nodes"u8)) Nodes = json.OptionalText();
            else if (json.Is("flags"u8)) Flags = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>The mode, such as <c>MPOL_BIND</c>.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Memory nodes, such as <c>0-1,3</c>.</summary>
    public string? Nodes { get; init; }

    /// <summary>Flags, such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    static OciMemoryPolicy IJsonObject<OciMemoryPolicy>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("mode"u8, Mode);
        json.Member("nodes"u8, Nodes);
        json.Member("flags"u8, Flags);
    }
}
