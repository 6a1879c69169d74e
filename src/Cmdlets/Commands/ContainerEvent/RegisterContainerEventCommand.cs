using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Events;

namespace Container.Cmdlets.Commands;

/// <summary>Makes events of containers events of this PowerShell, for Get-Event, Wait-Event and script blocks.</summary>
[Cmdlet(VerbsLifecycle.Register, "ContainerEvent")]
[OutputType(typeof(void), typeof(PSEventJob))]
public sealed class RegisterContainerEventCommand : ContainerEventCommand
{
    /// <summary>What to do for each event, which is $Event.SourceArgs[0]; they are queued where absent.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The name for Get-Event and Unregister-Event; a new one where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string SourceIdentifier { get; set; } = $"{Guid.NewGuid()}";

    /// <summary>Unregister after so many events; 0 is never.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaxTriggerCount { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        CancellationTokenSource end = new();
        PSEventSubscriber subscriber = Events.SubscribeEvent(
            null, null, SourceIdentifier, null, ScriptBlock, supportEvent: false, forwardEvent: false, MaxTriggerCount);
        subscriber.Unsubscribed += (_, _) => end.Cancel();
        IEnumerable<ContainerEvent> found = Find(new EventOptions { Follow = true }, end.Token);
        PSEventManager manager = Events;
        Thread reader = new(() => Pass(found, manager)) { IsBackground = true, Name = "container events" };
        reader.Start();
        if (subscriber.Action is { } job) WriteObject(job);
    });

    private void Pass(IEnumerable<ContainerEvent> found, PSEventManager manager)
    {
        try
        {
            foreach (ContainerEvent happened in found)
            {
                manager.GenerateEvent(SourceIdentifier, null, [happened], PSObject.AsPSObject(happened));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // Unregistered, or the log has gone: no more events.
        }
    }
}
