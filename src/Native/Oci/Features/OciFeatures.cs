using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do, as <c>features</c> prints it (features.md).</summary>
[JsonObject]
public sealed partial record OciFeatures
{
    /// <summary>The oldest version of the specification that is understood.</summary>
    public string? OciVersionMin { get; init; }

    /// <summary>The newest one.</summary>
    public string? OciVersionMax { get; init; }

    /// <summary>The names of hooks.</summary>
    public IReadOnlyList<string>? Hooks { get; init; }

    /// <summary>The mount options the runtime itself acts on.</summary>
    public IReadOnlyList<string>? MountOptions { get; init; }

    /// <summary>What only Linux has.</summary>
    public OciFeaturesLinux? Linux { get; init; }

    /// <summary>Versions and extensions of this implementation.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Annotations of config.json that change what the runtime does.</summary>
    public IReadOnlyList<string>? PotentiallyUnsafeConfigAnnotations { get; init; }
}
