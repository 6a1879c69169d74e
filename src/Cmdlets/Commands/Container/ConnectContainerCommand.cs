using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Interactive;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Native.Terminal;

namespace Container.Cmdlets.Commands;

/// <summary>
/// Connects to the streams of a container's first process: its terminal at the user's, or what it writes as lines.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(void), typeof(string))]
public sealed class ConnectContainerCommand : ContainerSingleTargetCommand
{
    private volatile bool _isInterrupted;

    /// <summary>The keys that end the connection and leave the container alone.</summary>
    [Parameter]
    [Alias("DetachKeys")]
    [ValidatePattern(DetachSequence.Pattern)]
    public string DetachKey { get; set; } = DetachSequence.Default;

    /// <summary>Leave the container's input alone, and write what it writes as lines.</summary>
    [Parameter]
    public SwitchParameter NoStdin { get; set; }

    /// <summary>Ctrl+C only ends the connection; the container is not interrupted.</summary>
    [Parameter]
    public SwitchParameter NoSignalProxy { get; set; }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _isInterrupted = true;
        base.StopProcessing();
    }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        bool wantsTerminal = container.Configuration.Tty && !NoStdin && AttachedTerminal.IsLast(this);
        if (wantsTerminal && HostTerminal.IsPresent) Relay(container);
        else WriteLines(container);
    }

    private void Relay(ContainerRecord container)
    {
        using ExecSession session = Engine.Containers.Attach(container.Id, stdin: true, StopToken);
        AttachedTerminal.Relay(this, container, session, DetachKey);
    }

    private void WriteLines(ContainerRecord container)
    {
        string text = CommandText.Join(container.Configuration.Command, container.Configuration.ArgumentList);
        CommandOptions options = new(
            container, text, Raw: false, PassThru: false, HasInput: false, IsScript: false, TimeoutSec: 0);
        ExecSession session = Engine.Containers.Attach(container.Id, stdin: false, StopToken);
        try
        {
            using RunningCommand running = new(options, session, new PipelineSink(this), StopToken);
            running.Complete();
        }
        finally
        {
            if (_isInterrupted && !NoSignalProxy) Interrupt(container);
        }
    }

    private void Interrupt(ContainerRecord container)
    {
        try
        {
            Engine.Containers.Kill(container.Id, "INT");
        }
        catch (EngineException)
        {
            // It has ended, or is paused: there is nobody to tell, and the pipeline is being stopped.
        }
    }
}
