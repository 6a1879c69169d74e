using System.Text.Json.Serialization;

namespace Container.Native.Oci;

/// <summary>A range of ids of a user namespace, user_namespaces(7).</summary>
public sealed record OciIdMapping
{
    /// <summary>The first id inside.</summary>
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    /// <summary>The first id outside.</summary>
    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }

    /// <summary>How many ids.</summary>
    public uint Size { get; init; }
}
