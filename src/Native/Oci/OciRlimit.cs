using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One resource limit, setrlimit(2).</summary>
public sealed record OciRlimit : IJsonObject<OciRlimit>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciRlimit()
    {
    }

    private OciRlimit(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("type"u8)) Type = json.Text();
            else if (json.Is("hard"u8)) Hard = json.UInt64();
            else if (json.Is("soft"u8)) Soft = json.UInt64();
            else json.Skip();
        }
    }

    /// <summary>The limit's name, such as <c>RLIMIT_NOFILE</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The ceiling of the soft limit.</summary>
    public ulong Hard { get; init; }

    /// <summary>The value in force.</summary>
    public ulong Soft { get; init; }

    static OciRlimit IJsonObject<OciRlimit>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("type"u8, Type);
        json.Member("hard"u8, Hard);
        json.Member("soft"u8, Soft);
    }
}
