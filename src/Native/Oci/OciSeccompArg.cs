using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One condition on an argument of a system call.</summary>
[JsonObject]
public sealed partial record OciSeccompArg
{
    /// <summary>Which argument, 0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>What it is compared with, or the mask of SCMP_CMP_MASKED_EQ.</summary>
    public ulong Value { get; init; }

    /// <summary>What the masked argument is compared with.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>The comparison, such as <c>SCMP_CMP_EQ</c>.</summary>
    public string Op { get; init; } = "";
}
