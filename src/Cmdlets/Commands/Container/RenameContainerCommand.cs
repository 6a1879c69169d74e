using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Gives a container another name, also while it runs.</summary>
[Cmdlet(VerbsCommon.Rename, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rnctr")]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class RenameContainerCommand : ContainerSingleTargetCommand
{
    /// <summary>The name it is to have.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <summary>Write the container as it is after it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        string target = Messages.Container(container.Name, container.Id);
        if (!ShouldProcess(target, Messages.ActionRename(NewName))) return;
        ContainerRecord now = Engine.Containers.Rename(container.Id, NewName, StopToken);
        if (PassThru) WriteObject(ContainerInfo.From(now));
    }
}
