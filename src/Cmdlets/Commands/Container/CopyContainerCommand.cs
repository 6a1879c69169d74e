using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>Creates containers like others: the same image and settings, without what those have written.</summary>
[Cmdlet(VerbsCommon.Copy, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class CopyContainerCommand : ContainerSettingCommand
{
    /// <summary>The new container's name; a random one where absent.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Start it once it is made.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        string action = Start ? Messages.ActionCreateAndStart : Messages.ActionCreate;
        string source = Messages.Container(container.Name, container.Id);
        if (!ShouldProcess(Messages.NewContainer(NewName, source), action)) return;
        ContainerConfiguration wanted = Apply(container.Configuration) with { Name = NewName };
        ContainerRecord made = Engine.Containers.Create(wanted, StopToken);
        if (Start) made = Attempt(made.Name, () => Engine.Containers.Start(made.Id, StopToken)) ?? made;
        WriteObject(ContainerInfo.From(made));
    }
}
