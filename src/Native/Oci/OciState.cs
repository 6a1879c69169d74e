using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The state of a container, as <c>state</c> prints it and hooks receive it (runtime.md, "State").</summary>
[JsonObject]
public sealed partial record OciState
{
    /// <summary>The version of the specification.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The container's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>creating, created, running or stopped; runtimes add paused.</summary>
    public string Status { get; init; } = "";

    /// <summary>The process id outside the container; 0 when it is stopped.</summary>
    public int Pid { get; init; }

    /// <summary>The absolute path of the bundle.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>The annotations of config.json.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
