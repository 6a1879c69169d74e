using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Changes limits, labels, restart policy and health check of containers, also of those that run.</summary>
[Cmdlet(VerbsCommon.Set, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class SetContainerCommand : ContainerSettingCommand
{
    /// <summary>Write the containers as they are after it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionSet)) return;
        ContainerRecord now = Engine.Containers.Update(container.Id, Apply, Lifted, StopToken);
        if (PassThru) WriteObject(ContainerInfo.From(now));
    }
}
