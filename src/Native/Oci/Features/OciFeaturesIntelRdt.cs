using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do with resctrl.</summary>
[JsonObject]
public sealed partial record OciFeaturesIntelRdt
{
    /// <summary>Whether it is supported.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether <c>schemata</c> is.</summary>
    public bool? Schemata { get; init; }

    /// <summary>Whether <c>enableMonitoring</c> is.</summary>
    public bool? Monitoring { get; init; }
}
