using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The I/O rate of one device.</summary>
public sealed record OciThrottleDevice : IJsonObject<OciThrottleDevice>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciThrottleDevice()
    {
    }

    private OciThrottleDevice(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("major"u8)) Major = json.Int64();
            else if (json.Is("minor"u8)) Minor = json.Int64();
            else if (json.Is("rate"u8)) Rate = json.UInt64();
            else json.Skip();
        }
    }

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Bytes or operations per second.</summary>
    public ulong Rate { get; init; }

    static OciThrottleDevice IJsonObject<OciThrottleDevice>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("major"u8, Major);
        json.Member("minor"u8, Minor);
        json.Member("rate"u8, Rate);
    }
}
