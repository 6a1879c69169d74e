using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The limits of a cgroup.</summary>
[JsonObject]
public sealed partial record OciResources
{
    /// <summary>Device access rules; the last one that matches counts.</summary>
    public IReadOnlyList<OciDeviceCgroup>? Devices { get; init; }

    /// <summary>Memory and swap.</summary>
    public OciMemory? Memory { get; init; }

    /// <summary>Processor time and sets.</summary>
    public OciCpu? Cpu { get; init; }

    /// <summary>Number of processes.</summary>
    public OciPids? Pids { get; init; }

    /// <summary>Block I/O.</summary>
    [JsonName("blockIO")]
    public OciBlockIo? BlockIo { get; init; }

    /// <summary>Huge pages.</summary>
    public IReadOnlyList<OciHugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Packet class and priorities (cgroup v1).</summary>
    public OciNetwork? Network { get; init; }

    /// <summary>RDMA limits, by device.</summary>
    public IReadOnlyDictionary<string, OciRdma>? Rdma { get; init; }

    /// <summary>Cgroup v2 files and what is written to them.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}
