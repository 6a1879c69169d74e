using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>A device node to create, mknod(2).</summary>
[JsonObject]
public sealed partial record OciDevice
{
    /// <summary>Where, absolute inside the container.</summary>
    public string Path { get; init; } = "";

    /// <summary>c or u (character), b (block) or p (fifo).</summary>
    public string Type { get; init; } = "";

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner inside the container.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group inside the container.</summary>
    public uint? Gid { get; init; }
}
