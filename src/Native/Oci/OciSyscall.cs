using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>One rule of <see cref="OciSeccomp"/>.</summary>
[JsonObject]
public sealed partial record OciSyscall
{
    /// <summary>The system calls.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>What happens to them.</summary>
    public string Action { get; init; } = "";

    /// <summary>The errno of that action; EPERM where this is null.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<OciSeccompArg>? Args { get; init; }
}
