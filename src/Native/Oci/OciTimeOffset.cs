using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The offset of one clock in a time namespace, time_namespaces(7).</summary>
public sealed record OciTimeOffset : IJsonObject<OciTimeOffset>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciTimeOffset()
    {
    }

    private OciTimeOffset(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("secs"u8)) Secs = json.Int64();
            else if (json.Is("nanosecs"u8)) Nanosecs = json.UInt32();
            else json.Skip();
        }
    }

    /// <summary>Seconds.</summary>
    public long Secs { get; init; }

    /// <summary>Nanoseconds on top of them.</summary>
    public uint Nanosecs { get; init; }

    static OciTimeOffset IJsonObject<OciTimeOffset>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("secs"u8, Secs);
        json.Member("nanosecs"u8, Nanosecs);
    }
}
