using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Waiting;
using Container.Engine.Catalog;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Stops containers that run, and starts them; those that do not run are started.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rtctr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class RestartContainerCommand : ContainerStopWork
{
    /// <summary>Wait until the health check succeeds; until it runs where it has none. -TimeoutSec bounds this too.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionRestart)) return;
        StopOptions options = new() { TimeoutSec = TimeoutSec, Force = Force };
        Begin(() => Engine.Containers.Restart(container.Id, options, StopToken));
    }

    private protected override ContainerRecord? Finish(ContainerRecord done)
    {
        if (!Wait) return done;
        ConditionWait wait = new(this, new WaitRequest { Healthy = true }, TimeoutSec ?? 0, pollMilliseconds: 50);
        return wait.Run([done]) is null ? null : Engine.Containers.Resolve(done.Id);
    }
}
