using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>A range of ids of a user namespace, user_namespaces(7).</summary>
[JsonObject]
public sealed partial record OciIdMapping
{
    /// <summary>The first id inside.</summary>
    [JsonName("containerID")]
    public uint ContainerId { get; init; }

    /// <summary>The first id outside.</summary>
    [JsonName("hostID")]
    public uint HostId { get; init; }

    /// <summary>How many ids.</summary>
    public uint Size { get; init; }
}
