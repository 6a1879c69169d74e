using System.Diagnostics;
using System.Management.Automation;
using Container.Engine.Errors;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Removes volumes and what they hold.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveContainerVolumeCommand : VolumeTargetCommand
{
    private const int PollMilliseconds = 100;

    /// <summary>Do not ask, unless -Confirm is given. A volume that a container uses stays all the same.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds to wait for the containers that use it to be removed; it is not waited where absent.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    private protected override void ProcessVolume(VolumeRecord volume)
    {
        if (!ShouldProcess(Messages.Volume(volume.Name), Messages.ActionRemove, Force)) return;
        Stopwatch watch = Stopwatch.StartNew();
        while (!TryRemove(volume.Name, isLast: watch.Elapsed.TotalSeconds >= TimeoutSec))
        {
            StopToken.WaitHandle.WaitOne(PollMilliseconds);
            StopToken.ThrowIfCancellationRequested();
        }
    }

    private bool TryRemove(string name, bool isLast)
    {
        try
        {
            Engine.Volumes.Remove(name, StopToken);
            return true;
        }
        catch (EngineException failure) when (failure.Id == ErrorId.VolumeNotFound)
        {
            WriteVerbose(failure.Message);
            return true;
        }
        catch (EngineException failure) when (failure.Id == ErrorId.VolumeInUse && !isLast)
        {
            return false;
        }
    }
}
