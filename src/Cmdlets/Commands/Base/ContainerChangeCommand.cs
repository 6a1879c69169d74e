using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>One change to each of the containers that are named, and the container again with -PassThru.</summary>
public abstract class ContainerChangeCommand : ContainerTargetCommand
{
    /// <summary>Write the containers as they are after it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, for -WhatIf and -Confirm.</summary>
    private protected abstract string Action { get; }

    /// <summary>Does it, and returns the container as it is then.</summary>
    private protected abstract ContainerRecord Change(ContainerRecord container);

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Action)) return;
        ContainerRecord now = Change(container);
        if (PassThru) WriteObject(ContainerInfo.From(now));
    }
}
