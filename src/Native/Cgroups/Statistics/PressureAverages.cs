namespace Container.Native.Cgroups.Statistics;

/// <summary>Shares of time in percent, and the whole.</summary>
/// <param name="TenSeconds">Over the last ten seconds.</param>
/// <param name="OneMinute">Over the last minute.</param>
/// <param name="FiveMinutes">Over the last five minutes.</param>
/// <param name="TotalMicroseconds">Since the cgroup was made, in microseconds.</param>
public sealed record PressureAverages(
    double TenSeconds, double OneMinute, double FiveMinutes, long TotalMicroseconds);
