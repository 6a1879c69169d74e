using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Stops containers: asks, waits, kills.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("spctr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class StopContainerCommand : ContainerStopWork
{
    /// <summary>The signal that asks it to stop; the container's own where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (container.State is ContainerState.Created or ContainerState.Initialized or ContainerState.Exited)
        {
            WriteVerbose(Messages.AlreadyStopped(container.Name));
            if (PassThru) WriteObject(ContainerInfo.From(container));
            return;
        }

        string action = Force ? Messages.ActionKill : Messages.ActionStop;
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), action)) return;

        StopOptions options = new() { Signal = Signal, TimeoutSec = TimeoutSec, Force = Force };
        Begin(() => Engine.Containers.Stop(container.Id, options, StopToken));
    }
}
