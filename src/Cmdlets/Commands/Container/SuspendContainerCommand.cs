using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Freezes containers.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class SuspendContainerCommand : ContainerChangeCommand
{
    private protected override string Action => Messages.ActionSuspend;

    private protected override ContainerRecord Change(ContainerRecord container) =>
        Engine.Containers.Pause(container.Id, StopToken);
}
