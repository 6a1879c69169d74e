using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which processes of containers a cmdlet works on.</summary>
public abstract class ProcessTargetCommand : ContainerCmdlet
{
    internal const string NameSet = "Name";
    internal const string InputObjectSet = "InputObject";

    /// <summary>The container, by name, by id, or by a unique prefix of one.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The processes, by their ids inside the container.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateRange(1, int.MaxValue)]
    public int[] ProcessId { get; set; } = [];

    /// <summary>What Get-ContainerProcess or Start-ContainerProcess returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerProcess[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputObjectSet)
        {
            foreach (ContainerProcess process in InputObject)
            {
                Attempt(process, () => Process(process));
            }

            return;
        }

        foreach (int id in ProcessId)
        {
            Attempt(id, () => Process(Find(id)));
        }
    }

    /// <summary>Does the cmdlet's work for one process.</summary>
    private protected abstract void Process(ContainerProcess process);

    private ContainerProcess Find(int id)
    {
        ContainerRecord container = Engine.Containers.Resolve(Name);
        return Engine.Containers.GetProcesses(container.Id).FirstOrDefault(process => process.Id == id) is { } found
            ? ContainerProcess.From(found, container)
            : throw new EngineException(ErrorId.ProcessNotFound, Messages.NoProcess(id, container.Name), target: id);
    }
}
