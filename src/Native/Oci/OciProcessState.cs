using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>
/// What a seccomp listener receives with the descriptors (config-linux.md, "The Container Process State").
/// </summary>
[JsonObject]
public sealed partial record OciProcessState
{
    /// <summary>The version of the specification.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The names of the descriptors, in the order they were sent.</summary>
    public IReadOnlyList<string>? Fds { get; init; }

    /// <summary>The process as the runtime sees it.</summary>
    public int Pid { get; init; }

    /// <summary>The listener's metadata of config.json.</summary>
    public string? Metadata { get; init; }

    /// <summary>The state of the container.</summary>
    public OciState? State { get; init; }
}
