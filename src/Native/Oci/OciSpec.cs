using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>
/// The configuration of a container, config.json (runtime-spec 1.3.0, config.md and config-linux.md).
/// </summary>
[JsonObject]
public sealed partial record OciSpec
{
    /// <summary>The version of the specification the bundle follows.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The process to start.</summary>
    public OciProcess? Process { get; init; }

    /// <summary>The root filesystem.</summary>
    public OciRoot? Root { get; init; }

    /// <summary>The host name in the container's uts namespace.</summary>
    public string? Hostname { get; init; }

    /// <summary>The NIS domain name in the container's uts namespace.</summary>
    public string? Domainname { get; init; }

    /// <summary>What is mounted on top of the root filesystem, in this order.</summary>
    public IReadOnlyList<OciMount>? Mounts { get; init; }

    /// <summary>Commands that run at points of the container's life.</summary>
    public OciHooks? Hooks { get; init; }

    /// <summary>Free-form metadata.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What only Linux has.</summary>
    public OciLinux? Linux { get; init; }
}
