using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Containers;

namespace Container.Cmdlets.Commands;

/// <summary>Gets the processes of containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerProcess))]
public sealed class GetContainerProcessCommand : ContainerTargetCommand
{
    /// <summary>Names with wildcards, full ids or unique prefixes of ids; all that run where absent.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public override string[] Name { get; set; } = ["*"];

    /// <summary>Only processes of these names, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] ProcessName { get; set; } = [];

    /// <summary>Only processes of these ids inside the container.</summary>
    [Parameter]
    public int[] ProcessId { get; set; } = [];

    private protected override void ProcessContainer(ContainerRecord container)
    {
        // Those found along with others may have ended.
        if (!IsMeant && container.Pid is null) return;
        WildcardPattern[] patterns = [.. ProcessName.Select(name => Wildcards.Exact(name))];
        foreach (ContainerProcessRecord process in Engine.Containers.GetProcesses(container.Id))
        {
            if (patterns.Length > 0 && !patterns.Any(pattern => pattern.IsMatch(process.Name))) continue;
            if (ProcessId.Length > 0 && !ProcessId.Contains(process.Id)) continue;
            WriteObject(ContainerProcess.From(process, container));
        }
    }
}
