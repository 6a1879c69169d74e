using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether images exist, and are what they were.</summary>
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
    [ObjectName(typeof(ContainerImageInfo), "ImageId", Other = "Image")]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Hash documents and layers again: an image whose files were changed is False.</summary>
    [Parameter]
    public SwitchParameter Integrity { get; set; }

    /// <summary>Only an image with this digest of its manifest.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Digest { get; set; }

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
        IEnumerable<ImageRecord> found = WildcardPattern.ContainsWildcardCharacters(text)
            ? ImageResolver.Resolve(this, [text])
            : Engine.Images.TryResolve(text) is { } one ? [one] : [];
        ImageRecord[] wanted = [.. found.Where(image => Digest is null || image.Digest == Digest)];
        return wanted.Length > 0 && (!Integrity || wanted.All(IsWhole));
    }

    private bool IsWhole(ImageRecord image)
    {
        IReadOnlyList<string> problems = Engine.Images.Verify(image, StopToken);
        foreach (string problem in problems) WriteWarning(problem);
        return problems.Count == 0;
    }
}
