using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Gets volumes.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerVolume", DefaultParameterSetName = VolumeTargetCommand.NameSet)]
[Alias("gctrv")]
[OutputType(typeof(ContainerVolumeInfo))]
public sealed class GetContainerVolumeCommand : ContainerCmdlet
{
    /// <summary>Names, with wildcards; all volumes where absent.</summary>
    [Parameter(
        ParameterSetName = VolumeTargetCommand.NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerVolumeInfo), "VolumeName")]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>What Get-ContainerVolume returned: gets its present state.</summary>
    [Parameter(
        ParameterSetName = VolumeTargetCommand.InputObjectSet, Mandatory = true, Position = 0,
        ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerVolumeInfo[] InputObject { get; set; } = [];

    /// <summary>Only volumes with these labels; the values may have wildcards.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Only volumes of this driver.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Driver { get; set; }

    /// <summary>Only volumes that no container uses.</summary>
    [Parameter]
    public SwitchParameter Unused { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted = ParameterSetName == VolumeTargetCommand.InputObjectSet
            ? InputObject.Select(volume => volume.Name)
            : Name;
        foreach (VolumeRecord volume in VolumeResolver.Resolve(this, wanted).Where(IsWanted))
        {
            IReadOnlyList<string> users = Engine.Volumes.GetUsers(volume);
            if (!Unused || users.Count == 0) WriteObject(ContainerVolumeInfo.From(volume, users));
        }
    }

    private bool IsWanted(VolumeRecord volume) =>
        (Driver is null || Wildcards.AnyCase(Driver).IsMatch(volume.Driver))
        && LabelFilter.Matches(Label, volume.Label);
}
