using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>The root filesystem of a container: a directory, or the layers of an overlay.</summary>
[JsonObject]
public sealed partial record MonitorRootfs
{
    /// <summary>A directory that is used as it is.</summary>
    public string? Path { get; init; }

    /// <summary>Read-only layers, the top one first.</summary>
    public IReadOnlyList<string>? Lower { get; init; }

    /// <summary>The layer that takes the changes.</summary>
    public string? Upper { get; init; }

    /// <summary>The overlay's work directory.</summary>
    public string? Work { get; init; }

    /// <summary>Whether the layers are idmapped with the container's uidMappings and gidMappings.</summary>
    public bool IdMap { get; init; }

    /// <summary>Whether this is the pseudo image <c>host</c>, whose lower layer is never idmapped.</summary>
    public bool Host { get; init; }
}
