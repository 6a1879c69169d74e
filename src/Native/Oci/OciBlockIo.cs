using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Block I/O limits of a cgroup.</summary>
public sealed record OciBlockIo : IJsonObject<OciBlockIo>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciBlockIo()
    {
    }

    private OciBlockIo(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("weight"u8)) Weight = json.OptionalUInt16();
            else if (json.Is("leafWeight"u8)) LeafWeight = json.OptionalUInt16();
            else if (json.Is("weightDevice"u8)) WeightDevice = json.Objects<OciWeightDevice>();
            else if (json.Is("throttleReadBpsDevice"u8)) ThrottleReadBpsDevice = json.Objects<OciThrottleDevice>();
            else if (json.Is("throttleWriteBpsDevice"u8)) ThrottleWriteBpsDevice = json.Objects<OciThrottleDevice>();
            else if (json.Is("throttleReadIOPSDevice"u8)) ThrottleReadIopsDevice = json.Objects<OciThrottleDevice>();
            else if (json.Is("throttleWriteIOPSDevice"u8)) ThrottleWriteIopsDevice = json.Objects<OciThrottleDevice>();
            else json.Skip();
        }
    }

    /// <summary>Relative weight, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>Weight against the cgroup's children (cgroup v1, CFQ).</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary>Weights by device.</summary>
    public IReadOnlyList<OciWeightDevice>? WeightDevice { get; init; }

    /// <summary>Bytes read per second, by device.</summary>
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    /// <summary>Bytes written per second, by device.</summary>
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    /// <summary>Reads per second, by device.</summary>
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    /// <summary>Writes per second, by device.</summary>
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteIopsDevice { get; init; }

    static OciBlockIo IJsonObject<OciBlockIo>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("weight"u8, Weight);
        json.Member("leafWeight"u8, LeafWeight);
        json.Member("weightDevice"u8, WeightDevice);
        json.Member("throttleReadBpsDevice"u8, ThrottleReadBpsDevice);
        json.Member("throttleWriteBpsDevice"u8, ThrottleWriteBpsDevice);
        json.Member("throttleReadIOPSDevice"u8, ThrottleReadIopsDevice);
        json.Member("throttleWriteIOPSDevice"u8, ThrottleWriteIopsDevice);
    }
}
