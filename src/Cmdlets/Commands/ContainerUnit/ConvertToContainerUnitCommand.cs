using System.Management.Automation;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>
/// Writes a unit file of systemd: one that starts the containers whose restart policies want it when the host starts,
/// or one for each container.
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerUnit", DefaultParameterSetName = HostSet)]
[OutputType(typeof(string))]
public sealed class ConvertToContainerUnitCommand : ContainerTargetCommand
{
    private const string HostSet = "Host";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != HostSet) base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == HostSet)
            WriteObject(Unit("Containers that start with the host", "Start-Container -Boot", null));
    }

    private protected override void ProcessContainer(ContainerRecord container) => WriteObject(Unit(
        $"Container {container.Name}",
        $"Start-Container -Id {container.Id}",
        $"Stop-Container -Id {container.Id}"));

    private string Unit(string description, string start, string? stop)
    {
        string home = (string)SessionState.PSVariable.GetValue("PSHOME");
        return UnitText.Write(
            description, Engine.Paths, UnitText.Shell(home), MyInvocation.MyCommand.Module.ModuleBase, start, stop);
    }
}
