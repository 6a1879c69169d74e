using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    /// <summary>Bytes of memory, as in 512MB; beyond them the kernel kills.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateLimit(1, long.MaxValue)]
    public long? Memory { get; set; }

    /// <summary>Bytes of memory and swap together; -1 is unlimited swap.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateLimit(-1, long.MaxValue)]
    public long? MemorySwap { get; set; }

    /// <summary>Bytes the kernel tries to leave to the container.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateLimit(1, long.MaxValue)]
    public long? MemoryReservation { get; set; }

    /// <summary>Processors, as in 1.5.</summary>
    [Parameter]
    [ValidateLimit(0.01, 4096)]
    public double? Cpu { get; set; }

    /// <summary>The processors it may run on, as in 0-3,5.</summary>
    [Parameter]
    public string? CpuSet { get; set; }

    /// <summary>Share of processor time against others; 100 is usual.</summary>
    [Parameter]
    [ValidateLimit(1, 10000)]
    public long? CpuWeight { get; set; }

    /// <summary>Most processes and threads; -1 is unlimited.</summary>
    [Parameter]
    [ValidateLimit(-1, long.MaxValue)]
    public long? PidsLimit { get; set; }

    /// <summary>Share of block input and output against others.</summary>
    [Parameter]
    [ValidateLimit(10, 1000)]
    public int? BlockIOWeight { get; set; }

    /// <summary>Bytes a second that may be read, by device path.</summary>
    [Parameter]
    [MapTransformation(Sizes = true)]
    public IDictionary? DeviceReadBps { get; set; }

    /// <summary>Bytes a second that may be written, by device path.</summary>
    [Parameter]
    [MapTransformation(Sizes = true)]
    public IDictionary? DeviceWriteBps { get; set; }

    /// <summary>Reads a second, by device path.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? DeviceReadIops { get; set; }

    /// <summary>Writes a second, by device path.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? DeviceWriteIops { get; set; }

    /// <summary>Resource limits, as NAME=SOFT[:HARD].</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Ulimit { get; set; }

    /// <summary>How readily the kernel kills it for memory.</summary>
    [Parameter]
    [ValidateRange(-1000, 1000)]
    public int? OomScoreAdjust { get; set; }

    /// <summary>The control group that holds the container's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CgroupParent { get; set; }

    private ContainerConfiguration ConfigureLimits(ContainerConfiguration made) => made with
    {
        Memory = Given(nameof(Memory), Memory, made.Memory),
        MemorySwap = Given(nameof(MemorySwap), MemorySwap, made.MemorySwap),
        MemoryReservation = Given(nameof(MemoryReservation), MemoryReservation, made.MemoryReservation),
        Cpu = Given(nameof(Cpu), Cpu, made.Cpu),
        CpuSet = Given(nameof(CpuSet), TextMap.Text(CpuSet), made.CpuSet),
        CpuWeight = Given(nameof(CpuWeight), CpuWeight, made.CpuWeight),
        PidsLimit = Given(nameof(PidsLimit), PidsLimit, made.PidsLimit),
        BlockIOWeight = Given(nameof(BlockIOWeight), BlockIOWeight, made.BlockIOWeight),
        DeviceReadBps = Given(nameof(DeviceReadBps), TextMap.Numbers(DeviceReadBps), made.DeviceReadBps),
        DeviceWriteBps = Given(nameof(DeviceWriteBps), TextMap.Numbers(DeviceWriteBps), made.DeviceWriteBps),
        DeviceReadIops = Given(nameof(DeviceReadIops), TextMap.Numbers(DeviceReadIops), made.DeviceReadIops),
        DeviceWriteIops = Given(nameof(DeviceWriteIops), TextMap.Numbers(DeviceWriteIops), made.DeviceWriteIops),
        Ulimit = Ulimit ?? made.Ulimit,
        OomScoreAdjust = OomScoreAdjust ?? made.OomScoreAdjust,
        CgroupParent = CgroupParent ?? made.CgroupParent,
    };
}
