using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Memory limits of a cgroup; bytes, -1 is unlimited.</summary>
public sealed record OciMemory : IJsonObject<OciMemory>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciMemory()
    {
    }

    private OciMemory(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("limit"u8)) Limit = json.OptionalInt64();
            else if (json.Is("reservation"u8)) Reservation = json.OptionalInt64();
            else if (json.Is("swap"u8)) Swap = json.OptionalInt64();
            else if (json.Is("kernel"u8)) Kernel = json.OptionalInt64();
            else if (json.Is("kernelTCP"u8)) KernelTcp = json.OptionalInt64();
            else if (json.Is("swappiness"u8)) Swappiness = json.OptionalUInt64();
            else if (json.Is("disableOOMKiller"u8)) DisableOomKiller = json.OptionalFlag();
            else if (json.Is("useHierarchy"u8)) UseHierarchy = json.OptionalFlag();
            else if (json.Is("checkBeforeUpdate"u8)) CheckBeforeUpdate = json.OptionalFlag();
            else json.Skip();
        }
    }

    /// <summary>Hard limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Limit of memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>Kernel memory; obsolete since Linux 5.4.</summary>
    public long? Kernel { get; init; }

    /// <summary>Kernel memory of TCP buffers (cgroup v1).</summary>
    public long? KernelTcp { get; init; }

    /// <summary>How eagerly pages are swapped, 0 to 100 (cgroup v1).</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>Whether the cgroup waits instead of killing (cgroup v1).</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary>Whether children are accounted here (cgroup v1).</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>Whether an update to less than what is in use is refused.</summary>
    public bool? CheckBeforeUpdate { get; init; }

    static OciMemory IJsonObject<OciMemory>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("limit"u8, Limit);
        json.Member("reservation"u8, Reservation);
        json.Member("swap"u8, Swap);
        json.Member("kernel"u8, Kernel);
        json.Member("kernelTCP"u8, KernelTcp);
        json.Member("swappiness"u8, Swappiness);
        json.Member("disableOOMKiller"u8, DisableOomKiller);
        json.Member("useHierarchy"u8, UseHierarchy);
        json.Member("checkBeforeUpdate"u8, CheckBeforeUpdate);
    }
}
