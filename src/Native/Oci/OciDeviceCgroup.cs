using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One device access rule of a cgroup.</summary>
[JsonObject]
public sealed partial record OciDeviceCgroup
{
    /// <summary>Whether access is allowed.</summary>
    public bool Allow { get; init; }

    /// <summary>a (all), c (character) or b (block); all where this is null.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; any where this is null.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; any where this is null.</summary>
    public long? Minor { get; init; }

    /// <summary>Some of r (read), w (write) and m (mknod); all where this is null.</summary>
    public string? Access { get; init; }
}
