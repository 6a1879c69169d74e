using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Files;

namespace Container.Cmdlets.Commands;

/// <summary>Gets what containers changed against their images.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerChange", DefaultParameterSetName = NameSet)]
[OutputType(typeof(FileChange))]
public sealed class GetContainerChangeCommand : ContainerTargetCommand
{
    /// <summary>Only files inside whose paths match, with wildcards.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Only changes of these kinds.</summary>
    [Parameter]
    public ChangeKind[]? Kind { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        foreach ((string path, ChangeKind kind) in Engine.Containers.GetChanges(container.Id, StopToken))
        {
            if (Kind is not null && !Kind.Contains(kind)) continue;
            if (Path is not null && !Path.Any(pattern => Wildcards.Exact(pattern).IsMatch(path))) continue;
            WriteObject(new FileChange { ContainerPath = path, Kind = kind, Container = container.Name });
        }
    }
}
