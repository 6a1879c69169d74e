using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Sends a signal to the first process of containers, or to one of the others.</summary>
[Cmdlet(VerbsCommunications.Send, "ContainerSignal", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void), typeof(ContainerInfo))]
public sealed class SendContainerSignalCommand : ContainerChangeCommand
{
    /// <summary>The signal, by name or number.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "TERM";

    /// <summary>The processes that get it, by their ids inside the container; the first one where absent.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] ProcessId { get; set; } = [];

    private protected override string Action => Messages.ActionSignal(Signal);

    private protected override ContainerRecord Change(ContainerRecord container)
    {
        if (ProcessId.Length == 0) Engine.Containers.Kill(container.Id, Signal, cancellation: StopToken);
        foreach (int id in ProcessId)
        {
            ContainerProcessRecord process = Engine.Containers.GetProcesses(container.Id)
                .FirstOrDefault(process => process.Id == id) ?? throw new EngineException(
                    ErrorId.ProcessNotFound, Messages.NoProcess(id, container.Name), target: id);
            Engine.Containers.Kill(container.Id, Signal, process.HostId, StopToken);
        }

        return Engine.Containers.TryResolve(container.Id) ?? container;
    }
}
