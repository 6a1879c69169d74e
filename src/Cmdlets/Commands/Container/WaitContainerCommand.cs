using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Waiting;
using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Commands;

/// <summary>Waits until containers have ended, or until all that was asked for is so.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Container", DefaultParameterSetName = NameSet)]
[Alias("wctr")]
[OutputType(typeof(int), typeof(ContainerInfo))]
public sealed class WaitContainerCommand : ContainerTargetCommand
{
    private readonly List<ContainerRecord> _candidates = [];

    /// <summary>The state to wait for: Exited where nothing else is asked for.</summary>
    [Parameter]
    public ContainerState? State { get; set; }

    /// <summary>Wait until the health check succeeds; until it runs where it has none.</summary>
    [Parameter]
    public SwitchParameter Healthy { get; set; }

    /// <summary>Wait until a process listens on this TCP port inside.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Wait until a line of the log matches this regular expression, in either case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidatePatternText]
    public string? LogPattern { get; set; }

    /// <summary>Wait until this file exists inside.</summary>
    [Parameter]
    [ValidatePattern("^/")]
    public string? Path { get; set; }

    /// <summary>Wait until a GET of this address succeeds.</summary>
    [Parameter]
    public Uri? HttpUri { get; set; }

    /// <summary>Wait until this command, run inside, ends with exit code 0.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    /// <summary>Wait until this, given the container as $_, returns something true.</summary>
    [Parameter]
    public ScriptBlock? Condition { get; set; }

    /// <summary>Seconds to wait for each container; 0 is for good.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>How often to look.</summary>
    [Parameter]
    [ValidateRange(1, 60_000)]
    public int PollMilliseconds { get; set; } = 100;

    /// <summary>Return as soon as one of the containers is so, and write that one.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Write the containers in place of their exit codes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_candidates.Count > 0) Attempt(null, () => Poll(_candidates));
    }

    // One that removed itself when it ended is known by its id, for a while, to those who wait for its end.
    private protected override IEnumerable<string> Wanted() => base.Wanted().Where(text => !HasGone(text));

    private bool HasGone(string text)
    {
        if (!WaitsForEnd || Engine.Containers.TryGetEnded(text) is not { } ended) return false;
        Report(ended);
        return true;
    }

    private bool WaitsForEnd => Request().Conditions() is [StateCondition { State: ContainerState.Exited }];

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (container.State == ContainerState.Created) WriteVerbose(Messages.NotStarted(container.Name));
        if (Any) _candidates.Add(container);
        else if (WaitsForEnd) WaitForEnd(container);
        else Poll([container]);
    }

    private WaitRequest Request() => new()
    {
        State = State,
        Healthy = Healthy,
        Port = Port,
        LogPattern = LogPattern,
        Path = Path,
        HttpUri = HttpUri,
        Command = Command,
        Condition = Condition,
    };

    /// <summary>The usual wait: the kernel tells the engine, nothing is polled.</summary>
    private void WaitForEnd(ContainerRecord container)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        if (TimeoutSec > 0) end.CancelAfter(TimeSpan.FromSeconds(TimeoutSec));
        try
        {
            ContainerExit exit = Engine.Containers.Wait(container.Id, end.Token);
            Report(Engine.Containers.TryResolve(container.Id) ?? Engine.Containers.TryGetEnded(container.Id)
                ?? container with { State = ContainerState.Exited, ExitCode = exit.ExitCode, Pid = null });
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerNotFound
            && Engine.Containers.TryGetEnded(container.Id) is { } ended)
        {
            Report(ended);
        }
        catch (OperationCanceledException) when (!StopToken.IsCancellationRequested)
        {
            Waiter().WriteTimeout(container, nameof(ContainerState.Exited));
        }
    }

    private void Poll(IReadOnlyCollection<ContainerRecord> containers)
    {
        if (Waiter().Run(containers) is { } id) Report(Engine.Containers.Resolve(id));
    }

    private ConditionWait Waiter() => new(this, Request(), TimeoutSec, PollMilliseconds);

    private void Report(ContainerRecord now)
    {
        if (PassThru || Any) WriteObject(ContainerInfo.From(now));
        else if (now.ExitCode is { } code) WriteObject(code);
    }
}
