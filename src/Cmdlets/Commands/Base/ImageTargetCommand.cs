using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which images a cmdlet works on: by reference, by id, or as objects.</summary>
public abstract class ImageTargetCommand : ContainerCmdlet
{
    internal const string NameSet = "Name";
    internal const string IdSet = "Id";
    internal const string InputObjectSet = "InputObject";

    /// <summary>References with wildcards, full ids or unique prefixes of ids.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerImageInfo), "ImageId", Other = "Image")]
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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted = ParameterSetName switch
        {
            IdSet => Id,
            InputObjectSet => InputObject.Select(image => image.Id),
            _ => Name,
        };
        foreach (string text in wanted)
        {
            foreach (ImageRecord image in ImageResolver.Resolve(this, [text]))
            {
                Attempt(text, () => ProcessImage(image, ParameterSetName == NameSet ? text : null));
            }
        }
    }

    /// <summary>Does the cmdlet's work for one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="text">What the user wrote for it; null where that was an object or an id.</param>
    private protected abstract void ProcessImage(ImageRecord image, string? text);

    private protected static string Describe(ImageRecord image) =>
        Messages.Image(image.References.Count > 0 ? image.References[0] : null, image.Id);
}
