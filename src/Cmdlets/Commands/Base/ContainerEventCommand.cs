using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Events;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which events are meant.</summary>
public abstract class ContainerEventCommand : ContainerCmdlet
{
    private readonly List<string> _containers = [];

    /// <summary>Only what happened to these kinds of objects.</summary>
    [Parameter]
    public EventKind[] Type { get; set; } = [];

    /// <summary>Only these actions.</summary>
    [Parameter]
    public EventAction[] Action { get; set; } = [];

    /// <summary>Only events of these containers: names with wildcards, ids, or unique prefixes of ids.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "ContainerName")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Container { get; set; } = [];

    /// <summary>Whether containers were piped in, and there was none.</summary>
    private protected bool IsOfNone => _containers.Count == 0 && MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _containers.AddRange(Container);

    /// <summary>The events that are meant.</summary>
    private protected IEnumerable<ContainerEvent> Find(EventOptions options, CancellationToken token)
    {
        string[] containers = [.. _containers];
        WildcardPattern[] names = [.. containers.Select(Wildcards.AnyCase)];
        return Engine.Events.Read(options, token)
            .Where(happened => (Type.Length == 0 || Type.Contains(happened.Kind))
                && (Action.Length == 0 || Action.Contains(happened.Action))
                && (names.Length == 0 || IsOf(happened, names, containers)))
            .Select(ContainerEvent.From);
    }

    private static bool IsOf(EventRecord happened, WildcardPattern[] names, string[] containers) =>
        happened.Kind == EventKind.Container
        && (Array.Exists(names, name => happened.Name is not null && name.IsMatch(happened.Name))
            || Array.Exists(containers, id =>
                id.Length >= 3 && happened.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase)));
}
