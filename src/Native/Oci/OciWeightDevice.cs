using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The I/O weight of one device.</summary>
[JsonObject]
public sealed partial record OciWeightDevice
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Relative weight, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>Weight against the cgroup's children (cgroup v1, CFQ).</summary>
    public ushort? LeafWeight { get; init; }
}
