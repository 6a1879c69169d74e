using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether containers exist, and whether they are in a state.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(bool))]
public sealed class TestContainerCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";

    /// <summary>Names with wildcards, full ids or unique prefixes of ids.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The state it has to be in.</summary>
    [Parameter]
    public ContainerState? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string text in ParameterSetName == IdSet ? Id : Name)
        {
            Attempt(text, () => WriteObject(Exists(text)));
        }
    }

    private bool Exists(string text)
    {
        if (WildcardPattern.ContainsWildcardCharacters(text))
            return ContainerResolver.Resolve(this, [text]).Any(IsInState);
        try
        {
            return IsInState(Engine.Containers.Resolve(text));
        }
        catch (EngineException failure) when (failure.Id is ErrorId.ContainerNotFound or ErrorId.AmbiguousIdentifier)
        {
            return false;
        }
    }

    private bool IsInState(ContainerRecord container) => State is not { } state || container.State == state;
}
