using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One mount of a container.</summary>
[JsonObject]
public sealed partial record OciMount
{
    /// <summary>Where it is mounted, absolute inside the container.</summary>
    public string Destination { get; init; } = "";

    /// <summary>The filesystem type, as in /proc/filesystems.</summary>
    public string? Type { get; init; }

    /// <summary>The device, or the host path of a bind mount (relative to the bundle).</summary>
    public string? Source { get; init; }

    /// <summary>Mount options, as in fstab(5).</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>User ids of an idmapped mount, mount_setattr(2).</summary>
    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of an idmapped mount.</summary>
    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }
}
