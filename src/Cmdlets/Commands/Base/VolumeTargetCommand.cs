using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters that say which volumes a cmdlet works on: by name or as objects.</summary>
public abstract class VolumeTargetCommand : ContainerCmdlet
{
    internal const string NameSet = "Name";
    internal const string InputObjectSet = "InputObject";

    /// <summary>Names, with wildcards.</summary>
    [Parameter(
        ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerVolumeInfo), "VolumeName")]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>What Get-ContainerVolume returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerVolumeInfo[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted =
            ParameterSetName == InputObjectSet ? InputObject.Select(volume => volume.Name) : Name;
        foreach (VolumeRecord volume in VolumeResolver.Resolve(this, wanted))
        {
            Attempt(volume.Name, () => ProcessVolume(volume));
        }
    }

    /// <summary>Does the cmdlet's work for one volume.</summary>
    private protected abstract void ProcessVolume(VolumeRecord volume);
}
