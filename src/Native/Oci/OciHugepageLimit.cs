using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The limit of one size of huge pages.</summary>
[JsonObject]
public sealed partial record OciHugepageLimit
{
    /// <summary>The page size, such as <c>2MB</c>.</summary>
    public string PageSize { get; init; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }
}
