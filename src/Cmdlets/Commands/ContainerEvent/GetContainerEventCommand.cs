using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Events;

namespace Container.Cmdlets.Commands;

/// <summary>Gets what has happened, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerEvent")]
[OutputType(typeof(ContainerEvent))]
public sealed class GetContainerEventCommand : ContainerEventCommand
{
    /// <summary>Only what happened at this time or later.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Only what happened before this time.</summary>
    [Parameter]
    public DateTime? Until { get; set; }

    /// <summary>Only so many, the first ones.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        if (IsOfNone) return;
        EventOptions options = new()
        {
            Since = Since is { } since ? new DateTimeOffset(since) : null,
            Until = Until is { } until ? new DateTimeOffset(until) : null,
        };
        IEnumerable<ContainerEvent> found = Find(options, StopToken);
        foreach (ContainerEvent happened in found.Take(First ?? int.MaxValue)) WriteObject(happened);
    });
}
