using System.Management.Automation;
using Container.Cmdlets.Completion;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether images exist.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerImage", DefaultParameterSetName = NameSet)]
[OutputType(typeof(bool))]
public sealed class TestContainerImageCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";

    /// <summary>References with wildcards, full ids or unique prefixes of ids.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string text in ParameterSetName == IdSet ? Id : Name)
        {
            Attempt(text, () => WriteObject(Exists(text)));
        }
    }

    private bool Exists(string text) => WildcardPattern.ContainsWildcardCharacters(text)
        ? ImageResolver.Resolve(this, [text]).Any()
        : Engine.Images.TryResolve(text) is not null;
}
