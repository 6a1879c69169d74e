using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Waits until processes of containers have ended.</summary>
[Cmdlet(VerbsLifecycle.Wait, "ContainerProcess", DefaultParameterSetName = NameSet)]
[OutputType(typeof(int), typeof(ContainerProcess))]
public sealed class WaitContainerProcessCommand : ProcessTargetCommand
{
    /// <summary>Seconds to wait for each process; 0 is for good.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>Write the processes in place of their exit codes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(ContainerProcess process)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        if (TimeoutSec > 0) end.CancelAfter(TimeSpan.FromSeconds(TimeoutSec));
        try
        {
            int? code = Engine.Containers.WaitProcess(process.ContainerId, process.HostId, end.Token);
            if (PassThru) WriteObject(process);
            else if (code is not null) WriteObject(code);
        }
        catch (OperationCanceledException) when (!StopToken.IsCancellationRequested)
        {
            WriteError(ErrorId.WaitTimeout, Messages.ProcessTimedOut(process.ContainerProcessId, TimeoutSec), process);
        }
    }
}
