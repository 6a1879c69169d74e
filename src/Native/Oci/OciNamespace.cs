using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One namespace of a container, namespaces(7).</summary>
[JsonObject]
public sealed partial record OciNamespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public string Type { get; init; } = "";

    /// <summary>The namespace to join; a new one is made where this is null.</summary>
    public string? Path { get; init; }
}
