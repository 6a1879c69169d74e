using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>Whether a runtime has one feature.</summary>
[JsonObject]
public sealed partial record OciFeaturesEnabled
{
    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }
}
