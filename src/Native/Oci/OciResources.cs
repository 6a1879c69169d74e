using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The limits of a cgroup.</summary>
public sealed record OciResources : IJsonObject<OciResources>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciResources()
    {
    }

    private OciResources(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("devices"u8)) Devices = json.Objects<OciDeviceCgroup>();
            else if (json.Is("memory"u8)) Memory = json.Object<OciMemory>();
            else if (json.Is("cpu"u8)) Cpu = json.Object<OciCpu>();
            else if (json.Is("pids"u8)) Pids = json.Object<OciPids>();
            else if (json.Is("blockIO"u8)) BlockIo = json.Object<OciBlockIo>();
            else if (json.Is("hugepageLimits"u8)) HugepageLimits = json.Objects<OciHugepageLimit>();
            else if (json.Is("network"u8)) Network = json.Object<OciNetwork>();
            else if (json.Is("rdma"u8)) Rdma = json.ObjectMap<OciRdma>();
            else if (json.Is("unified"u8)) Unified = json.TextMap();
            else json.Skip();
        }
    }

    /// <summary>Device access rules; the last one that matches counts.</summary>
    public IReadOnlyList<OciDeviceCgroup>? Devices { get; init; }

    /// <summary>Memory and swap.</summary>
    public OciMemory? Memory { get; init; }

    /// <summary>Processor time and sets.</summary>
    public OciCpu? Cpu { get; init; }

    /// <summary>Number of processes.</summary>
    public OciPids? Pids { get; init; }

    /// <summary>Block I/O.</summary>
    public OciBlockIo? BlockIo { get; init; }

    /// <summary>Huge pages.</summary>
    public IReadOnlyList<OciHugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Packet class and priorities (cgroup v1).</summary>
    public OciNetwork? Network { get; init; }

    /// <summary>RDMA limits, by device.</summary>
    public IReadOnlyDictionary<string, OciRdma>? Rdma { get; init; }

    /// <summary>Cgroup v2 files and what is written to them.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }

    static OciResources IJsonObject<OciResources>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("devices"u8, Devices);
        json.Member("memory"u8, Memory);
        json.Member("cpu"u8, Cpu);
        json.Member("pids"u8, Pids);
        json.Member("blockIO"u8, BlockIo);
        json.Member("hugepageLimits"u8, HugepageLimits);
        json.Member("network"u8, Network);
        json.Member("rdma"u8, Rdma);
        json.Member("unified"u8, Unified);
    }
}
