using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The process limit of a cgroup.</summary>
[JsonObject]
public sealed partial record OciPids
{
    /// <summary>How many processes; -1 is unlimited.</summary>
    public long? Limit { get; init; }
}
