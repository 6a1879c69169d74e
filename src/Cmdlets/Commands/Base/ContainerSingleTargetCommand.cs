using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which one container a cmdlet works on.</summary>
public abstract class ContainerSingleTargetCommand : ContainerCmdlet
{
    internal const string NameSet = "Name";
    internal const string IdSet = "Id";
    internal const string InputObjectSet = "InputObject";

    /// <summary>The name, the full id, or a unique prefix of the id.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The id, or a unique prefix of it.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string Id { get; set; } = "";

    /// <summary>What Get-Container returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string wanted = ParameterSetName switch
        {
            IdSet => Id,
            InputObjectSet => InputObject!.Id,
            _ => Name,
        };
        Attempt(wanted, () => ProcessContainer(Engine.Containers.Resolve(wanted)));
    }

    /// <summary>Does the cmdlet's work for the container.</summary>
    private protected abstract void ProcessContainer(ContainerRecord container);
}
