namespace Container.Native.Cgroups.Statistics;

/// <summary>Memory of a cgroup, in bytes. A limit of null is no limit.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Memory in use, page cache included.</summary>
    public long? Usage { get; init; }

    /// <summary>The limit.</summary>
    public long? Limit { get; init; }

    /// <summary>The most that was in use.</summary>
    public long? Peak { get; init; }

    /// <summary>How often the limit was hit.</summary>
    public long? LimitHits { get; init; }

    /// <summary>Page cache.</summary>
    public long? Cache { get; init; }

    /// <summary>Anonymous memory.</summary>
    public long? Rss { get; init; }

    /// <summary>Page cache that is reclaimed first: usage without it is what the container needs.</summary>
    public long? InactiveFile { get; init; }

    /// <summary>Swap in use, without memory.</summary>
    public long? SwapUsage { get; init; }

    /// <summary>The limit of swap, without memory.</summary>
    public long? SwapLimit { get; init; }

    /// <summary>Memory of the kernel.</summary>
    public long? Kernel { get; init; }

    /// <summary>How often no memory could be found within the limit.</summary>
    public long? OutOfMemoryEvents { get; init; }

    /// <summary>Processes that were killed for it.</summary>
    public long? OutOfMemoryKills { get; init; }

    /// <summary>Every number of memory.stat under the kernel's name for it.</summary>
    public IReadOnlyDictionary<string, long> Details { get; init; } = new Dictionary<string, long>();
}
