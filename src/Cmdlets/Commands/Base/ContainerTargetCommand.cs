using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which containers a cmdlet works on: by name, by id, or as objects.</summary>
public abstract class ContainerTargetCommand : ContainerCmdlet
{
    internal const string NameSet = "Name";
    internal const string IdSet = "Id";
    internal const string InputObjectSet = "InputObject";

    /// <summary>Names with wildcards, full ids or unique prefixes of ids.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId", Beside = [typeof(ContainerConfiguration)])]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public virtual string[] Name { get; set; } = [];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What Get-Container returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ContainerRecord container in ContainerResolver.Resolve(this, Wanted()))
        {
            Attempt(container.Name, () => ProcessContainer(container));
        }
    }

    /// <summary>Whether a container that does not run is an error: it was meant, and not found along with others.</summary>
    private protected bool IsMeant =>
        ParameterSetName == NameSet && !Name.Any(WildcardPattern.ContainsWildcardCharacters);

    /// <summary>Does the cmdlet's work for one container.</summary>
    private protected abstract void ProcessContainer(ContainerRecord container);

    /// <summary>The names and ids that were given.</summary>
    private protected virtual IEnumerable<string> Wanted() => ParameterSetName switch
    {
        IdSet => Id,
        InputObjectSet => InputObject.Select(container => container.Id),
        _ => Name,
    };
}
