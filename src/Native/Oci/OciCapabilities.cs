using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The five capability sets of capabilities(7), by names such as <c>CAP_CHOWN</c>.</summary>
[JsonObject]
public sealed partial record OciCapabilities
{
    /// <summary>The limit of what execve(2) can grant.</summary>
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What the kernel checks.</summary>
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What is preserved across execve(2) with file capabilities.</summary>
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>The limit of the effective set.</summary>
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What is preserved across execve(2) of ordinary programs.</summary>
    public IReadOnlyList<string>? Ambient { get; init; }
}
