using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The I/O weight of one device.</summary>
public sealed record OciWeightDevice : IJsonObject<OciWeightDevice>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciWeightDevice()
    {
    }

    private OciWeightDevice(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("major"u8)) Major = json.Int64();
            else if (json.Is("minor"u8)) Minor = json.Int64();
            else if (json.Is("weight"u8)) Weight = json.OptionalUInt16();
            else if (json.Is("leafWeight"u8)) LeafWeight = json.OptionalUInt16();
            else json.Skip();
        }
    }

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Relative weight, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>Weight against the cgroup's children (cgroup v1, CFQ).</summary>
    public ushort? LeafWeight { get; init; }

    static OciWeightDevice IJsonObject<OciWeightDevice>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("major"u8, Major);
        json.Member("minor"u8, Minor);
        json.Member("weight"u8, Weight);
        json.Member("leafWeight"u8, LeafWeight);
    }
}
