namespace Container.Native.Cgroups.Statistics;

/// <summary>Number of processes and threads in a cgroup.</summary>
/// <param name="Current">Those there are.</param>
/// <param name="Limit">Those there may be; null is no limit.</param>
public sealed record PidsStatistics(long? Current, long? Limit);
