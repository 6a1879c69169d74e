using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Starts containers.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[Alias("sactr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class StartContainerCommand : ContainerTargetCommand
{
    /// <summary>Write the containers that run now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        bool wanted = ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionStart);
        if (!wanted)
        {
            // A plan is data: it can be shown without being run.
            if (IsEnabled("Verbose", "VerbosePreference")) WriteVerbose(Engine.Containers.DescribePlan(container.Id, StopToken));
            return;
        }

        if (IsEnabled("Debug", "DebugPreference")) WriteDebug(Engine.Containers.DescribePlan(container.Id, StopToken));
        if (container.State is ContainerState.Running or ContainerState.Paused)
        {
            WriteVerbose(Messages.AlreadyRunning(container.Name));
        }
        else
        {
            container = Engine.Containers.Start(container.Id, StopToken);
        }

        if (PassThru) WriteObject(ContainerInfo.From(container));
    }
}
