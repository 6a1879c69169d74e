using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Interactive;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Waiting;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Commands;

/// <summary>Starts containers.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[Alias("sactr")]
[OutputType(typeof(void), typeof(string), typeof(ContainerInfo))]
public sealed class StartContainerCommand : ContainerTargetCommand
{
    private const string BootSet = "Boot";

    /// <summary>Start the containers that their restart policies want when the host starts, and no others.</summary>
    [Parameter(ParameterSetName = BootSet, Mandatory = true)]
    public SwitchParameter Boot { get; set; }

    /// <summary>
    /// Write what the container writes until it ends, as a command of the shell would; one with a terminal and open
    /// input has the user's.
    /// </summary>
    [Parameter]
    public SwitchParameter Attach { get; set; }

    /// <summary>Wait until the health check succeeds; until it runs where it has none.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Seconds to wait with -Wait; 0 is for good.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>Write the containers that run now, or have run with -Attach.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != BootSet) base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName != BootSet) return;
        foreach (ContainerRecord container in Attempt(null, Engine.Containers.ListForBoot) ?? [])
            Attempt(container.Name, () => ProcessContainer(container));
    }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        bool wanted = ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionStart);
        if (!wanted)
        {
            // A plan is data: it can be shown without being run.
            if (IsEnabled("Verbose", "VerbosePreference")) WriteVerbose(Plan(container));
            return;
        }

        if (IsEnabled("Debug", "DebugPreference")) WriteDebug(Plan(container));
        if (container.State == ContainerState.Paused)
        {
            WriteError(ErrorId.ContainerPaused, Messages.IsPaused(container.Name), container.Name, Messages.UseResume);
            return;
        }

        if (container.State is ContainerState.Running or ContainerState.Restarting)
        {
            WriteVerbose(Messages.AlreadyRunning(container.Name));
        }
        else if (Attach && container.Configuration is { Tty: true, Interactive: true } && AttachedTerminal.IsLast(this))
        {
            if (!AttachedTerminal.Require(this, container.Name)) return;
            StartOptions start = AttachedTerminal.Start(this, endsWithCaller: false);
            using ExecSession session = Engine.Containers.StartAttached(container.Id, start, StopToken);
            AttachedTerminal.Relay(this, container, session, DetachSequence.Default);
            if (Engine.Containers.TryResolve(container.Id) is not { } after) return;
            container = after;
        }
        else if (Attach)
        {
            Follow(container);
            container = Engine.Containers.Resolve(container.Id);
        }
        else
        {
            container = Engine.Containers.Start(container.Id, StopToken);
        }

        if (Wait && !Attach)
        {
            ConditionWait wait = new(this, new WaitRequest { Healthy = true }, TimeoutSec, pollMilliseconds: 50);
            if (wait.Run([container]) is null) return;
            container = Engine.Containers.Resolve(container.Id);
        }

        if (PassThru) WriteObject(ContainerInfo.From(container));
    }

    private string Plan(ContainerRecord container) => Engine.Containers.DescribePlan(container.Id, StopToken);

    private void Follow(ContainerRecord container)
    {
        string text = CommandText.Join(container.Configuration.Command, container.Configuration.ArgumentList);
        CommandOptions options = new(
            container, text, Raw: false, PassThru: false, HasInput: false, IsScript: false, TimeoutSec: 0);
        ExecSession session = Engine.Containers.StartAttached(container.Id, cancellation: StopToken);
        using RunningCommand running = new(options, session, new PipelineSink(this), StopToken);
        running.Complete();
    }
}
