using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The process limit of a cgroup.</summary>
public sealed record OciPids : IJsonObject<OciPids>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciPids()
    {
    }

    private OciPids(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("limit"u8)) Limit = json.OptionalInt64();
            else json.Skip();
        }
    }

    /// <summary>How many processes; -1 is unlimited.</summary>
    public long? Limit { get; init; }

    static OciPids IJsonObject<OciPids>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("limit"u8, Limit);
    }
}
