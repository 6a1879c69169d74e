using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>What of a container can be another thing than what it was created with.</summary>
public abstract class ContainerSettingCommand : ContainerTargetCommand
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

    /// <summary>Bytes a second that may be read, by device path, beside those of other devices; 0 is no limit.</summary>
    [Parameter]
    [MapTransformation(Sizes = true)]
    public IDictionary? DeviceReadBps { get; set; }

    /// <summary>Bytes a second that may be written, by device path, beside those of other devices; 0 is no
    /// limit.</summary>
    [Parameter]
    [MapTransformation(Sizes = true)]
    public IDictionary? DeviceWriteBps { get; set; }

    /// <summary>Reads a second, by device path, beside those of other devices; 0 is no limit.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? DeviceReadIops { get; set; }

    /// <summary>Writes a second, by device path, beside those of other devices; 0 is no limit.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? DeviceWriteIops { get; set; }

    /// <summary>Labels to set beside those that are there; an empty value removes one.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Whether it is started again when it has ended without having been stopped.</summary>
    [Parameter]
    public ContainerRestartPolicy? RestartPolicy { get; set; }

    /// <summary>How often it is started again after failures, with the policy OnFailure; 0 is without end.</summary>
    [Parameter]
    [ValidateLimit(0, int.MaxValue)]
    public int? RestartCount { get; set; }

    /// <summary>How its health is checked: a command line, a command in an array, or an object.</summary>
    [Parameter]
    [HealthCheckTransformation]
    public ContainerHealthCheck? HealthCheck { get; set; }

    /// <summary>The parameters that were given as <c>$null</c>: limits that are to be none any more.</summary>
    private protected IReadOnlySet<string> Lifted => MyInvocation.BoundParameters
        .Where(pair => pair.Value is null or "").Select(pair => pair.Key).ToHashSet();

    /// <summary>What the parameters say, over what is.</summary>
    private protected ContainerConfiguration Apply(ContainerConfiguration old) => old with
    {
        Memory = Given(nameof(Memory), Memory, old.Memory),
        MemorySwap = Given(nameof(MemorySwap), MemorySwap, old.MemorySwap),
        MemoryReservation = Given(nameof(MemoryReservation), MemoryReservation, old.MemoryReservation),
        Cpu = Given(nameof(Cpu), Cpu, old.Cpu),
        CpuSet = Given(nameof(CpuSet), TextMap.Text(CpuSet), old.CpuSet),
        CpuWeight = Given(nameof(CpuWeight), CpuWeight, old.CpuWeight),
        // Without a word on it a container has the default.
        PidsLimit = Given(nameof(PidsLimit), PidsLimit ?? -1, old.PidsLimit),
        BlockIOWeight = Given(nameof(BlockIOWeight), BlockIOWeight, old.BlockIOWeight),
        DeviceReadBps = Merge(nameof(DeviceReadBps), DeviceReadBps, old.DeviceReadBps),
        DeviceWriteBps = Merge(nameof(DeviceWriteBps), DeviceWriteBps, old.DeviceWriteBps),
        DeviceReadIops = Merge(nameof(DeviceReadIops), DeviceReadIops, old.DeviceReadIops),
        DeviceWriteIops = Merge(nameof(DeviceWriteIops), DeviceWriteIops, old.DeviceWriteIops),
        Label = Merge(old.Label),
        RestartPolicy = Given(nameof(RestartPolicy), RestartPolicy ?? default, old.RestartPolicy),
        RestartCount = Given(nameof(RestartCount), RestartCount ?? 0, old.RestartCount),
        HealthCheck = Given(nameof(HealthCheck), HealthCheck, old.HealthCheck),
    };

    // One that is 0 stays: the kernel has to be told that there is no limit any more.
    private IReadOnlyDictionary<string, long>? Merge(
        string parameter, IDictionary? given, IReadOnlyDictionary<string, long>? old)
    {
        if (TextMap.Numbers(given) is not { } rates) return Given(parameter, null, old);
        Dictionary<string, long> merged = new(old ?? rates, StringComparer.Ordinal);
        foreach ((string path, long rate) in rates) merged[path] = rate;
        return merged;
    }

    private IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? old)
    {
        if (TextMap.From(Label) is not { } given) return old;
        Dictionary<string, string> labels = new(old ?? TextMap.Empty, StringComparer.Ordinal);
        foreach ((string name, string value) in given)
        {
            if (value.Length > 0) labels[name] = value;
            else labels.Remove(name);
        }

        return labels;
    }
}
