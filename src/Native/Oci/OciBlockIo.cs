using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Block I/O limits of a cgroup.</summary>
[JsonObject]
public sealed partial record OciBlockIo
{
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
    [JsonName("throttleReadIOPSDevice")]
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadIopsDevice { get; init; }

    /// <summary>Writes per second, by device.</summary>
    [JsonName("throttleWriteIOPSDevice")]
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteIopsDevice { get; init; }
}
