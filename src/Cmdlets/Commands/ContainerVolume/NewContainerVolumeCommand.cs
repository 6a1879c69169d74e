using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Creates a volume.</summary>
[Cmdlet(VerbsCommon.New, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolumeInfo))]
public sealed class NewContainerVolumeCommand : ContainerCmdlet
{
    /// <summary>The volume's name; one without a name goes with the container that uses it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What keeps it; local is the only driver.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Driver { get; set; } = VolumeConfiguration.LocalDriver;

    /// <summary>Options of the driver: nocopy leaves it empty on first use.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Option { get; set; }

    /// <summary>Labels to find it by.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>The user id inside containers that owns its directory.</summary>
    [Parameter]
    [ValidateRange(0u, 65535u)]
    public uint Uid { get; set; }

    /// <summary>The group id inside containers that owns its directory.</summary>
    [Parameter]
    [ValidateRange(0u, 65535u)]
    public uint Gid { get; set; }

    /// <summary>Most bytes it can hold; needs a file system with project quotas.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long? Size { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Messages.Volume(Name), Messages.ActionCreate)) return;
        VolumeConfiguration configuration = new()
        {
            Name = Name,
            Driver = Driver,
            Option = TextMap.From(Option),
            Label = TextMap.From(Label),
            Uid = Uid,
            Gid = Gid,
            Size = Size,
        };
        Attempt(Name, () => WriteObject(
            ContainerVolumeInfo.From(Engine.Volumes.Create(configuration, StopToken), [])));
    }
}
