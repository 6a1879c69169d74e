using Container.Native.Json;

namespace Container.Native.Oci.Features;

/// <summary>What a runtime can do with seccomp.</summary>
[JsonObject]
public sealed partial record OciFeaturesSeccomp
{
    /// <summary>Whether filters are supported.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The actions.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>The comparisons.</summary>
    public IReadOnlyList<string>? Operators { get; init; }

    /// <summary>The architectures.</summary>
    public IReadOnlyList<string>? Archs { get; init; }

    /// <summary>The flags that are recognised.</summary>
    public IReadOnlyList<string>? KnownFlags { get; init; }

    /// <summary>The flags that this machine supports.</summary>
    public IReadOnlyList<string>? SupportedFlags { get; init; }
}
