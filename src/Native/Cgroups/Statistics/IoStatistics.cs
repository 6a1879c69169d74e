namespace Container.Native.Cgroups.Statistics;

/// <summary>What a cgroup read from and wrote to one block device.</summary>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">The device's minor number.</param>
public sealed record IoStatistics(int Major, int Minor)
{
    /// <summary>Bytes read.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes written.</summary>
    public long? WriteBytes { get; init; }

    /// <summary>Read operations.</summary>
    public long? ReadOperations { get; init; }

    /// <summary>Write operations.</summary>
    public long? WriteOperations { get; init; }
}
