namespace Container.Native.Oci;

/// <summary>Whether a runtime has one feature.</summary>
public sealed record OciFeaturesEnabled
{
    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }
}
