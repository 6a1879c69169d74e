using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do with NUMA memory policies.</summary>
[JsonObject]
public sealed partial record OciFeaturesMemoryPolicy
{
    /// <summary>The modes.</summary>
    public IReadOnlyList<string>? Modes { get; init; }

    /// <summary>The flags.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
