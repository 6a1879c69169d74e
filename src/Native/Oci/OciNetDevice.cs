using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>A host network device that is moved into the container.</summary>
[JsonObject]
public sealed partial record OciNetDevice
{
    /// <summary>Its name inside; the host's name where this is null.</summary>
    public string? Name { get; init; }
}
