using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The root filesystem of a container.</summary>
[JsonObject]
public sealed partial record OciRoot
{
    /// <summary>Its directory: absolute, or relative to the bundle.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether it is mounted read-only.</summary>
    public bool Readonly { get; init; }
}
