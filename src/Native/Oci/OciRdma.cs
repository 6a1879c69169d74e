using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The RDMA limits of one device.</summary>
[JsonObject]
public sealed partial record OciRdma
{
    /// <summary>Handles.</summary>
    public uint? HcaHandles { get; init; }

    /// <summary>Objects.</summary>
    public uint? HcaObjects { get; init; }
}
