using System.Diagnostics;
using Container.Engine.Containers;
using Container.Native.Cgroups.Statistics;

namespace Container.Cmdlets.Objects;

/// <summary>What a container uses at one moment. A number is null where the host does not tell it.</summary>
public sealed class ContainerStatistics : IComparable<ContainerStatistics>, IComparable
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>When it was measured.</summary>
    public DateTime Timestamp { get; init; }

    /// <summary>Share of one processor over the interval: 200 is two processors.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Processor time since it was started.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Periods in which it was held back by its processor limit.</summary>
    public long? ThrottledPeriods { get; init; }

    /// <summary>Bytes of memory, without the page cache that is given back first.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory it may use; null is no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Share of the limit; null without one.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Processes and threads.</summary>
    public long? Processes { get; init; }

    /// <summary>Processes and threads it may have; null is no limit.</summary>
    public long? ProcessLimit { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public long WriteBytes { get; init; }

    /// <summary>Bytes received on its network devices, loopback aside.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes sent on its network devices, loopback aside.</summary>
    public long SentBytes { get; init; }

    /// <summary>Percent of the last ten seconds in which something waited for a processor; cgroup v2 only.</summary>
    public double? CpuPressure { get; init; }

    /// <summary>Percent of the last ten seconds in which something waited for memory; cgroup v2 only.</summary>
    public double? MemoryPressure { get; init; }

    /// <summary>Percent of the last ten seconds in which something waited for devices; cgroup v2 only.</summary>
    public double? IOPressure { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerStatistics? other) => string.CompareOrdinal(Container, other?.Container);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerStatistics);

    /// <inheritdoc/>
    public override string ToString() => Container;

    internal static ContainerStatistics From(ContainerUsage before, ContainerUsage now)
    {
        CgroupStatistics used = now.Cgroup;
        double interval = Stopwatch.GetElapsedTime(before.Clock, now.Clock).TotalNanoseconds;
        long? busy = used.Cpu?.UsageNanoseconds - before.Cgroup.Cpu?.UsageNanoseconds;
        long? memory = used.Memory?.Usage - (used.Memory?.InactiveFile ?? 0);
        long? limit = used.Memory?.Limit;
        return new ContainerStatistics
        {
            Container = now.Container.Name,
            ContainerId = now.Container.Id,
            Timestamp = now.TakenAt.LocalDateTime,

            // After a restart the numbers begin anew.
            CpuPercent = busy is >= 0 && interval > 0 ? Math.Round(100 * busy.Value / interval, 1) : null,
            CpuTime = used.Cpu?.UsageNanoseconds is { } total ? TimeSpan.FromTicks(total / 100) : null,
            ThrottledPeriods = used.Cpu?.ThrottledPeriods,
            Memory = memory,
            MemoryLimit = limit,
            MemoryPercent = limit is > 0 && memory is not null ? Math.Round(100.0 * memory.Value / limit.Value, 1) : null,
            Processes = used.Pids?.Current,
            ProcessLimit = used.Pids?.Limit,
            ReadBytes = used.Io.Sum(device => device.ReadBytes ?? 0),
            WriteBytes = used.Io.Sum(device => device.WriteBytes ?? 0),
            ReceivedBytes = now.ReceivedBytes,
            SentBytes = now.SentBytes,
            CpuPressure = used.CpuPressure?.Some.TenSeconds,
            MemoryPressure = used.MemoryPressure?.Some.TenSeconds,
            IOPressure = used.IoPressure?.Some.TenSeconds,
        };
    }
}
