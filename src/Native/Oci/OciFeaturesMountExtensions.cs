namespace Container.Native.Oci;

/// <summary>What a runtime can do beyond mount(2).</summary>
public sealed record OciFeaturesMountExtensions
{
    /// <summary>Idmapped mounts.</summary>
    public OciFeaturesEnabled? Idmap { get; init; }
}
