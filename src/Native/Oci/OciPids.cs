namespace Container.Native.Oci;

/// <summary>The process limit of a cgroup.</summary>
public sealed record OciPids
{
    /// <summary>How many processes; -1 is unlimited.</summary>
    public long? Limit { get; init; }
}
