using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Cache and memory bandwidth allocation, resctrl.</summary>
[JsonObject]
public sealed partial record OciIntelRdt
{
    /// <summary>The class of service; the container's id where this is null.</summary>
    [JsonName("closID")]
    public string? ClosId { get; init; }

    /// <summary>Lines written to the schemata file as they are.</summary>
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>The L3 cache schema.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>The memory bandwidth schema.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Whether the container gets a monitoring group of its own.</summary>
    public bool EnableMonitoring { get; init; }
}
