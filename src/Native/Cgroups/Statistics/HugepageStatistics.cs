namespace Container.Native.Cgroups.Statistics;

/// <summary>Huge pages of one size in a cgroup, in bytes.</summary>
/// <param name="Usage">In use.</param>
/// <param name="Peak">The most that was in use; cgroup v1 only.</param>
/// <param name="Failures">How often the limit was hit.</param>
public sealed record HugepageStatistics(long? Usage, long? Peak, long? Failures);
