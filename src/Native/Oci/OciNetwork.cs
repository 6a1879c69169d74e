using System.Text.Json.Serialization;

namespace Container.Native.Oci;

/// <summary>Packet class and priorities of a cgroup (cgroup v1).</summary>
public sealed record OciNetwork
{
    /// <summary>The class of the container's packets, net_cls.</summary>
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }

    /// <summary>Priorities by interface, net_prio.</summary>
    public IReadOnlyList<OciInterfacePriority>? Priorities { get; init; }
}
