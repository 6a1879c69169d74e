using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The ids a process runs with.</summary>
[JsonObject]
public sealed partial record OciUser
{
    /// <summary>User id inside the container.</summary>
    public uint Uid { get; init; }

    /// <summary>Group id inside the container.</summary>
    public uint Gid { get; init; }

    /// <summary>File mode creation mask; the runtime's default where this is null.</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}
