using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Gets images.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage", DefaultParameterSetName = NameSet)]
[Alias("gctri")]
[OutputType(typeof(ContainerImageInfo))]
public sealed class GetContainerImageCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>References with wildcards, full ids or unique prefixes of ids; all images where absent.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerImageInfo), "ImageId", Other = "Image")]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What Get-ContainerImage returned: gets its present state.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImageInfo[] InputObject { get; set; } = [];

    /// <summary>Only images without a reference.</summary>
    [Parameter]
    public SwitchParameter Dangling { get; set; }

    /// <summary>Only images with these labels; the values may have wildcards.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Only images whose manifest has one of these digests, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Digest { get; set; } = [];

    /// <summary>Only images for these platforms, as in linux/amd64, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>Only images made before this time.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>Only images made at this time or later.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted = ParameterSetName switch
        {
            IdSet => Id,
            InputObjectSet => InputObject.Select(image => image.Id),
            _ => Name,
        };
        foreach (ImageRecord image in ImageResolver.Resolve(this, wanted).Where(IsWanted))
        {
            WriteObject(ContainerImageInfo.From(image));
        }
    }

    private bool IsWanted(ImageRecord image) =>
        (!Dangling || image.References.Count == 0)
        && Matches(Digest, image.Digest)
        && Matches(Platform, $"{image.Os}/{image.Architecture}")
        && (Before is not { } before || image.CreatedAt.LocalDateTime < before.ToLocalTime())
        && (Since is not { } since || image.CreatedAt.LocalDateTime >= since.ToLocalTime())
        && LabelFilter.Matches(Label, image.Config.Labels);

    private static bool Matches(string[] patterns, string text) =>
        patterns.Length == 0 || patterns.Any(pattern => Wildcards.Exact(pattern).IsMatch(text));
}
