using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>
/// Stops containers: asks, waits, kills. The waits of several containers run side by side, so that stopping twenty that
/// ignore the signal takes as long as stopping one.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("spctr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class StopContainerCommand : ContainerTargetCommand
{
    private ParallelWork<ContainerRecord>? _work;

    /// <summary>The signal that asks it to stop; the container's own where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <summary>Seconds until it is killed; the container's own where absent, 10 by default.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int? TimeoutSec { get; set; }

    /// <summary>Kill it at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the containers that have stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _work = new ParallelWork<ContainerRecord>(StopToken);

    /// <inheritdoc/>
    protected override void EndProcessing() => Report(_work!.All());

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (container.State is ContainerState.Created or ContainerState.Exited)
        {
            WriteVerbose(Messages.AlreadyStopped(container.Name));
            if (PassThru) WriteObject(ContainerInfo.From(container));
            return;
        }

        string action = Force ? Messages.ActionKill : Messages.ActionStop;
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), action)) return;

        StopOptions options = new() { Signal = Signal, TimeoutSec = TimeoutSec, Force = Force };
        _work!.Add(() => Engine.Containers.Stop(container.Id, options, StopToken));
        Report(_work.IsFull ? _work.All() : _work.Finished());
    }

    private void Report(IEnumerable<Task<ContainerRecord>> tasks) => Attempt(null, () =>
    {
        foreach (Task<ContainerRecord> task in tasks)
        {
            ContainerRecord? stopped = Attempt(null, task.GetAwaiter().GetResult);
            if (PassThru && stopped is not null) WriteObject(ContainerInfo.From(stopped));
        }
    });
}
