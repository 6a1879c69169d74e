using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Execution domain, personality(2).</summary>
[JsonObject]
public sealed partial record OciPersonality
{
    /// <summary>LINUX or LINUX32.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Further flags; the specification defines none.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
