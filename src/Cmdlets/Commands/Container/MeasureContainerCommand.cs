using System.Diagnostics;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Measures what containers that run use: one object for each container and interval.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerStatistics))]
public sealed class MeasureContainerCommand : ContainerTargetCommand
{
    private readonly Dictionary<string, ContainerUsage> _last = new(StringComparer.Ordinal);
    private readonly List<ContainerRecord> _containers = [];

    /// <summary>Names with wildcards, full ids or unique prefixes of ids; all that run where absent.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public override string[] Name { get; set; } = ["*"];

    /// <summary>Go on until Ctrl+C, or until none of the containers runs.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>Seconds over which the processor's share is measured.</summary>
    [Parameter]
    [ValidateRange(0.1, 3600)]
    public double IntervalSec { get; set; } = 1;

    /// <summary>How many objects to write for each container.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan interval = TimeSpan.FromSeconds(IntervalSec);
        for (long tick = 1; _containers.Count > 0 && (Continuous || tick <= Count); tick++)
        {
            TimeSpan left = (interval * tick) - watch.Elapsed;
            if (left > TimeSpan.Zero) StopToken.WaitHandle.WaitOne(left);
            StopToken.ThrowIfCancellationRequested();
            _containers.RemoveAll(container => !Attempt(container.Name, () => Write(container))
                || !_last.ContainsKey(container.Id));
        }
    });

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (Engine.Containers.TryMeasure(container.Id) is { } usage)
        {
            _last[container.Id] = usage;
            _containers.Add(container);
        }
        else if (IsMeant)
        {
            WriteError(ErrorId.ContainerNotRunning, Messages.AlreadyStopped(container.Name), container.Name);
        }
    }

    private void Write(ContainerRecord container)
    {
        if (Engine.Containers.TryResolve(container.Id) is null
            || Engine.Containers.TryMeasure(container.Id) is not { } usage)
        {
            _last.Remove(container.Id);
            return;
        }

        WriteObject(ContainerStatistics.From(_last[container.Id], usage));
        _last[container.Id] = usage;
    }
}
