using System.Management.Automation;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>Gets what is known about the host and the engine on it.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerHost")]
[OutputType(typeof(ContainerHostInfo))]
public sealed class GetContainerHostCommand : ContainerCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Attempt(null, () => WriteObject(ContainerHostInfo.From(Engine.Host.Get())));
}
