using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The I/O rate of one device.</summary>
[JsonObject]
public sealed partial record OciThrottleDevice
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Bytes or operations per second.</summary>
    public ulong Rate { get; init; }
}
