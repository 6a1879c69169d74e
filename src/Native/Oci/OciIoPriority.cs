using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The I/O priority of a process, ioprio_set(2).</summary>
[JsonObject]
public sealed partial record OciIoPriority
{
    /// <summary>The class, such as <c>IOPRIO_CLASS_BE</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>The level within the class, 0 (highest) to 7.</summary>
    public int Priority { get; init; }
}
