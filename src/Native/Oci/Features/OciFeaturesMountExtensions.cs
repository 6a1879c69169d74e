using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do beyond mount(2).</summary>
[JsonObject]
public sealed partial record OciFeaturesMountExtensions
{
    /// <summary>Idmapped mounts.</summary>
    public OciFeaturesEnabled? Idmap { get; init; }
}
