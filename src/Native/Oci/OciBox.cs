using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The size of a console in characters.</summary>
[JsonObject]
public sealed partial record OciBox
{
    /// <summary>Rows.</summary>
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    public uint Width { get; init; }
}
