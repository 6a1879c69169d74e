using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Cache and memory bandwidth allocation, resctrl.</summary>
public sealed record OciIntelRdt : IJsonObject<OciIntelRdt>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciIntelRdt()
    {
    }

    private OciIntelRdt(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("closID"u8)) ClosId = json.OptionalText();
            else if (json.Is("schemata"u8)) Schemata = json.Texts();
            else if (json.Is("l3CacheSchema"u8)) L3CacheSchema = json.OptionalText();
            else if (json.Is("memBwSchema"u8)) MemBwSchema = json.OptionalText();
            else if (json.Is("enableMonitoring"u8)) EnableMonitoring = json.Flag();
            else json.Skip();
        }
    }

    /// <summary>The class of service; the container's id where this is null.</summary>
    public string? ClosId { get; init; }

    /// <summary>Lines written to the schemata file as they are.</summary>
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>The L3 cache schema.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>The memory bandwidth schema.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Whether the container gets a monitoring group of its own.</summary>
    public bool EnableMonitoring { get; init; }

    static OciIntelRdt IJsonObject<OciIntelRdt>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("closID"u8, ClosId);
        json.Member("schemata"u8, Schemata);
        json.Member("l3CacheSchema"u8, L3CacheSchema);
        json.Member("memBwSchema"u8, MemBwSchema);
        json.Member("enableMonitoring"u8, EnableMonitoring);
    }
}
