using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>Checks the health of containers that run, now.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerHealth", DefaultParameterSetName = NameSet)]
[OutputType(typeof(bool), typeof(ContainerHealthInfo))]
public sealed class TestContainerHealthCommand : ContainerSingleTargetCommand
{
    /// <summary>Write what the check has shown in place of True or False.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        ContainerHealthResult result = Engine.Containers.CheckHealth(container.Id, StopToken);
        if (Detailed) WriteObject(ContainerHealthInfo.From(result));
        else WriteObject(result.ExitCode == 0);
    }
}
