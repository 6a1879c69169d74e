using System.Management.Automation;
using Container.Engine;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Removes volumes and what they hold.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveContainerVolumeCommand : VolumeTargetCommand
{
    /// <summary>Do not ask, unless -Confirm is given. A volume that a container uses stays all the same.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessVolume(VolumeRecord volume)
    {
        if (!ShouldProcess(Messages.Volume(volume.Name), Messages.ActionRemove, Force)) return;
        try
        {
            Engine.Volumes.Remove(volume.Name, StopToken);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.VolumeNotFound)
        {
            WriteVerbose(failure.Message);
        }
    }
}
