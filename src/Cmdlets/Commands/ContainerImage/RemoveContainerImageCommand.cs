using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Removes images and the layers nothing else uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rctri")]
[OutputType(typeof(void), typeof(ContainerImageRemoval))]
public sealed class RemoveContainerImageCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

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

    /// <summary>What Get-ContainerImage returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImageInfo[] InputObject { get; set; } = [];

    /// <summary>Also images that containers were made from.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool byReference = ParameterSetName == NameSet;
        IEnumerable<string> wanted = ParameterSetName switch
        {
            IdSet => Id,
            InputObjectSet => InputObject.Select(image => image.Id),
            _ => Name,
        };
        foreach (string text in wanted)
        {
            bool literal = byReference && !WildcardPattern.ContainsWildcardCharacters(text);
            foreach (ImageRecord image in ImageResolver.Resolve(this, [text]))
            {
                // One of several names of an image is taken from it; the image goes with its last name.
                Attempt(text, () => Remove(image, literal ? text : image.Id));
            }
        }
    }

    private void Remove(ImageRecord image, string what)
    {
        string? reference = image.References.Count > 0 ? image.References[0] : null;
        if (!ShouldProcess(Messages.Image(reference, image.Id), Messages.ActionRemove)) return;
        ImageRemoval removal = Engine.Images.Remove(what, Force, StopToken);
        if (PassThru) WriteObject(ContainerImageRemoval.From(image.Id, removal));
    }
}
