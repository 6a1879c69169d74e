using System.Management.Automation;
using Container.Engine;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Removes containers and everything they wrote.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rctr")]
[OutputType(typeof(void))]
public sealed class RemoveContainerCommand : ContainerTargetCommand
{
    /// <summary>Also containers that run: they are killed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Also the volumes that nobody named and that only it uses.</summary>
    [Parameter]
    public SwitchParameter Volume { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionRemove)) return;
        try
        {
            Engine.Containers.Remove(container.Id, Force, Volume, StopToken);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerNotFound)
        {
            // It removed itself (-AutoRemove) or someone else did since it was resolved: what was wanted is so.
            WriteVerbose(failure.Message);
        }
    }
}
