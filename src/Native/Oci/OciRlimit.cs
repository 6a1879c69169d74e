using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One resource limit, setrlimit(2).</summary>
[JsonObject]
public sealed partial record OciRlimit
{
    /// <summary>The limit's name, such as <c>RLIMIT_NOFILE</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The ceiling of the soft limit.</summary>
    public ulong Hard { get; init; }

    /// <summary>The value in force.</summary>
    public ulong Soft { get; init; }
}
