using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Lets frozen containers go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class ResumeContainerCommand : ContainerChangeCommand
{
    private protected override string Action => Messages.ActionResume;

    private protected override ContainerRecord Change(ContainerRecord container) =>
        Engine.Containers.Resume(container.Id, StopToken);
}
