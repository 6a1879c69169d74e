using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Asks processes of containers to end, or kills them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ContainerProcess", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopContainerProcessCommand : ProcessTargetCommand
{
    /// <summary>The signal that asks it to end, by name or number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "TERM";

    /// <summary>Kill it, with SIGKILL.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(ContainerProcess process)
    {
        string target = Messages.CommandIn($"{process.ContainerProcessName} ({process.ContainerProcessId})", process.Container, process.ContainerId);
        if (!ShouldProcess(target, Force ? Messages.ActionKill : Messages.ActionStop)) return;
        try
        {
            Engine.Containers.Kill(process.ContainerId, Force ? "KILL" : Signal, process.HostId, StopToken);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ProcessNotFound)
        {
            // It has ended by itself since it was looked at: what was wanted is so.
            WriteVerbose(failure.Message);
        }
    }
}
