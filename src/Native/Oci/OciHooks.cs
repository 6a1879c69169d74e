using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Commands that run at points of a container's life (config.md, "POSIX-platform Hooks").</summary>
[JsonObject]
public sealed partial record OciHooks
{
    /// <summary>Runtime namespace, after the namespaces exist; deprecated, but what docker's network uses.</summary>
    public IReadOnlyList<OciHook>? Prestart { get; init; }

    /// <summary>Runtime namespace, after the namespaces exist and before pivot_root(2).</summary>
    public IReadOnlyList<OciHook>? CreateRuntime { get; init; }

    /// <summary>Container namespace, before pivot_root(2).</summary>
    public IReadOnlyList<OciHook>? CreateContainer { get; init; }

    /// <summary>Container namespace, just before the container's process is executed.</summary>
    public IReadOnlyList<OciHook>? StartContainer { get; init; }

    /// <summary>Runtime namespace, after the container's process was executed.</summary>
    public IReadOnlyList<OciHook>? Poststart { get; init; }

    /// <summary>Runtime namespace, after the container was deleted.</summary>
    public IReadOnlyList<OciHook>? Poststop { get; init; }
}
