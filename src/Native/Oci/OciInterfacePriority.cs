using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The packet priority of one interface.</summary>
[JsonObject]
public sealed partial record OciInterfacePriority
{
    /// <summary>The interface.</summary>
    public string Name { get; init; } = "";

    /// <summary>The priority.</summary>
    public uint Priority { get; init; }
}
