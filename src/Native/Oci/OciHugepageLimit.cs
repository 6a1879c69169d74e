using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The limit of one size of huge pages.</summary>
public sealed record OciHugepageLimit : IJsonObject<OciHugepageLimit>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciHugepageLimit()
    {
    }

    private OciHugepageLimit(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("pageSize"u8)) PageSize = json.Text();
            else if (json.Is("limit"u8)) Limit = json.UInt64();
            else json.Skip();
        }
    }

    /// <summary>The page size, such as <c>2MB</c>.</summary>
    public string PageSize { get; init; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }

    static OciHugepageLimit IJsonObject<OciHugepageLimit>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("pageSize"u8, PageSize);
        json.Member("limit"u8, Limit);
    }
}
