using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Events;

namespace Container.Cmdlets.Commands;

/// <summary>Writes what happens, as it happens, until Ctrl+C.</summary>
[Cmdlet(VerbsCommon.Watch, "ContainerEvent")]
[OutputType(typeof(ContainerEvent))]
public sealed class WatchContainerEventCommand : ContainerEventCommand
{
    /// <summary>What has happened since this time first; only what is new where absent.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>End after so many events.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>End after so many seconds; 0 is never.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        if (TimeoutSec > 0) end.CancelAfter(TimeSpan.FromSeconds(TimeoutSec));
        EventOptions options = new()
        {
            Since = Since is { } since ? new DateTimeOffset(since) : null, Follow = true,
        };
        try
        {
            IEnumerable<ContainerEvent> found = Find(options, end.Token);
            foreach (ContainerEvent happened in found.Take(Count ?? int.MaxValue)) WriteObject(happened);
        }
        catch (OperationCanceledException) when (!StopToken.IsCancellationRequested)
        {
            // The time is up, which is what was asked for.
        }
    });
}
