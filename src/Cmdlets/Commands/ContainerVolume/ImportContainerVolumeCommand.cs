using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Fills a volume from a tar archive.</summary>
[Cmdlet(VerbsData.Import, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolumeInfo))]
public sealed class ImportContainerVolumeCommand : VolumeTargetCommand
{
    /// <summary>The archive: tar, also compressed with gzip or zstd.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replace what the volume holds.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessVolume(VolumeRecord volume)
    {
        if (HostFile.Input(this, Path) is not { } path) return;
        if (!ShouldProcess(Messages.Volume(volume.Name), Messages.ImportFrom(path))) return;
        using ActivityProgress progress = new(this, Messages.ActionImport, path);
        VolumeRecord filled = Engine.Volumes.Import(volume.Name, path, Force, progress, StopToken);
        WriteObject(ContainerVolumeInfo.From(filled, Engine.Volumes.GetUsers(filled)));
    }
}
