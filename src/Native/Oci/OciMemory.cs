using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>Memory limits of a cgroup; bytes, -1 is unlimited.</summary>
[JsonObject]
public sealed partial record OciMemory
{
    /// <summary>Hard limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Limit of memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>Kernel memory; obsolete since Linux 5.4.</summary>
    public long? Kernel { get; init; }

    /// <summary>Kernel memory of TCP buffers (cgroup v1).</summary>
    [JsonName("kernelTCP")]
    public long? KernelTcp { get; init; }

    /// <summary>How eagerly pages are swapped, 0 to 100 (cgroup v1).</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>Whether the cgroup waits instead of killing (cgroup v1).</summary>
    [JsonName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }

    /// <summary>Whether children are accounted here (cgroup v1).</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>Whether an update to less than what is in use is refused.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}
