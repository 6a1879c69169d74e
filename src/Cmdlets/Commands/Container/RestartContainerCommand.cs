using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Stops containers that run, and starts them; those that do not run are started.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rtctr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class RestartContainerCommand : ContainerStopWork
{
    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionRestart)) return;
        StopOptions options = new() { TimeoutSec = TimeoutSec, Force = Force };
        Begin(() => Engine.Containers.Restart(container.Id, options, StopToken));
    }
}
