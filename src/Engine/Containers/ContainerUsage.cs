using Container.Engine.Catalog;
using Container.Native.Cgroups.Statistics;

namespace Container.Engine.Containers;

/// <summary>What a container had used at one moment.</summary>
public sealed record ContainerUsage
{
    /// <summary>The container.</summary>
    public required ContainerRecord Container { get; init; }

    /// <summary>The moment.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>The same on a clock that nobody sets, in ticks of Stopwatch: for what lies between two of them.</summary>
    public long Clock { get; init; }

    /// <summary>The numbers of its control group.</summary>
    public required CgroupStatistics Cgroup { get; init; }

    /// <summary>Bytes received on its network devices, loopback aside.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes sent on its network devices, loopback aside.</summary>
    public long SentBytes { get; init; }
}
