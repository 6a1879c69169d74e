using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Prepares containers so far that their start has nothing left to do but to start them.</summary>
[Cmdlet(VerbsData.Initialize, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class InitializeContainerCommand : ContainerChangeCommand
{
    private protected override string Action => Messages.ActionInitialize;

    private protected override ContainerRecord Change(ContainerRecord container) =>
        Engine.Containers.Initialize(container.Id, StopToken);
}
