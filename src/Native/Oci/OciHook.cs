using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One command of <see cref="OciHooks"/>; the container's state is on its standard input.</summary>
[JsonObject]
public sealed partial record OciHook
{
    /// <summary>The program, absolute.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its arguments, argv[0] included.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Its whole environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds after which it is killed and counts as failed.</summary>
    public int? Timeout { get; init; }
}
