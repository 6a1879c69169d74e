namespace Container.Native.Cgroups.Statistics;

/// <summary>Time lost to waiting for a resource (PSI).</summary>
/// <param name="Some">While at least one task waited.</param>
/// <param name="Full">While all tasks waited; null where the kernel does not tell.</param>
public sealed record PressureStatistics(PressureAverages Some, PressureAverages? Full);
