using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>NUMA memory policy, set_mempolicy(2).</summary>
[JsonObject]
public sealed partial record OciMemoryPolicy
{
    /// <summary>The mode, such as <c>MPOL_BIND</c>.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Memory nodes, such as <c>0-1,3</c>.</summary>
    public string? Nodes { get; init; }

    /// <summary>Flags, such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
