using System.Management.Automation;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Removes containers and everything they wrote.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rctr")]
[OutputType(typeof(void))]
public sealed class RemoveContainerCommand : ContainerTargetCommand
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Also containers that run: they are killed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Force: the seconds a container that runs has to end by itself before it is killed; 0 is none.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>First the containers that use its namespaces.</summary>
    [Parameter]
    public SwitchParameter Dependent { get; set; }

    /// <summary>Also the volumes that nobody named and that only it uses.</summary>
    [Parameter]
    public SwitchParameter Volume { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (Dependent && _seen.Add(container.Id))
        {
            foreach (ContainerRecord other in Engine.Containers.FindDependents(container))
            {
                if (!_seen.Contains(other.Id)) ProcessContainer(other);
            }
        }

        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionRemove)) return;
        try
        {
            if (Force && TimeoutSec > 0 && container.State is ContainerState.Running)
                Engine.Containers.Stop(container.Id, new StopOptions { TimeoutSec = TimeoutSec }, StopToken);
            Engine.Containers.Remove(container.Id, Force, Volume, StopToken);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerNotFound)
        {
            // It removed itself (-AutoRemove) or someone else did since it was resolved: what was wanted is so.
            WriteVerbose(failure.Message);
        }
    }
}
