namespace Container.Native.Oci;

/// <summary>What a runtime can do with resctrl.</summary>
public sealed record OciFeaturesIntelRdt
{
    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether <c>schemata</c> is.</summary>
    public bool? Schemata { get; init; }

    /// <summary>Whether <c>enableMonitoring</c> is.</summary>
    public bool? Monitoring { get; init; }
}
