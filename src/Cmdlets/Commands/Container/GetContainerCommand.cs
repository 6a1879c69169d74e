using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>Gets containers in every state.</summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = NameSet)]
[Alias("gctr")]
[OutputType(typeof(ContainerInfo))]
public sealed class GetContainerCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names with wildcards, full ids or unique prefixes of ids; all containers where absent.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What Get-Container returned: gets its present state.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo[] InputObject { get; set; } = [];

    /// <summary>Only containers in one of these states.</summary>
    [Parameter]
    public ContainerState[] State { get; set; } = [];

    /// <summary>Only containers of these images, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Only containers with these labels; the values may have wildcards.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Only containers that have these volumes, or something mounted at these places, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Only containers whose health is one of these.</summary>
    [Parameter]
    public ContainerHealth[] Health { get; set; } = [];

    /// <summary>Only containers created before this time.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>Only containers created at this time or later.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Only the container that was created last.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>Also how many bytes each takes on the disk, which has to be counted.</summary>
    [Parameter]
    public SwitchParameter Size { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<ContainerRecord> found = ContainerResolver.Resolve(this, ParameterSetName switch
        {
            IdSet => Id,
            InputObjectSet => InputObject.Select(container => container.Id),
            _ => Name,
        }).Where(IsWanted);
        if (Latest && found.MaxBy(container => container.CreatedAt) is { } last) found = [last];
        foreach (ContainerRecord container in found)
        {
            long? size = Size ? Engine.Containers.GetSize(container.Id, StopToken) : null;
            WriteObject(ContainerInfo.From(container, size));
        }
    }

    private static bool Matches(string pattern, string? text) =>
        text is not null && Wildcards.Exact(pattern).IsMatch(text);

    private bool IsWanted(ContainerRecord container) =>
        (State.Length == 0 || State.Contains(container.State))
        && (Image.Length == 0 || Image.Any(image => IsOf(container, image)))
        && (Volume.Length == 0 || Volume.Any(volume => Has(container, volume)))
        && (Health.Length == 0 || Health.Contains(container.Health))
        && (Before is not { } before || container.CreatedAt.LocalDateTime < before.ToLocalTime())
        && (Since is not { } since || container.CreatedAt.LocalDateTime >= since.ToLocalTime())
        && LabelFilter.Matches(Label, container.Configuration.Label);

    private static bool IsOf(ContainerRecord container, string image) =>
        Matches(image, container.ImageName)
        || Matches(image + ":latest", container.ImageName)
        || (image.Length >= 3 && container.ImageId?.StartsWith(image, StringComparison.OrdinalIgnoreCase) == true);

    private static bool Has(ContainerRecord container, string volume) =>
        container.Configuration.Mount?.Any(mount => Matches(volume, mount.Target)
            || (mount.Type == ContainerMountType.Volume && Matches(volume, mount.Source))) == true;
}
