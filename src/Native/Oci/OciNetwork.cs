using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Packet class and priorities of a cgroup (cgroup v1).</summary>
[JsonObject]
public sealed partial record OciNetwork
{
    /// <summary>The class of the container's packets, net_cls.</summary>
    [JsonName("classID")]
    public uint? ClassId { get; init; }

    /// <summary>Priorities by interface, net_prio.</summary>
    public IReadOnlyList<OciInterfacePriority>? Priorities { get; init; }
}
