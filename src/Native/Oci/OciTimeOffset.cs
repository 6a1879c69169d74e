using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The offset of one clock in a time namespace, time_namespaces(7).</summary>
[JsonObject]
public sealed partial record OciTimeOffset
{
    /// <summary>Seconds.</summary>
    public long Secs { get; init; }

    /// <summary>Nanoseconds on top of them.</summary>
    public uint Nanosecs { get; init; }
}
