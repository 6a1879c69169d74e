using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Engine.Files;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>Writes what a volume holds to a tar archive.</summary>
[Cmdlet(VerbsData.Export, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerVolumeCommand : VolumeTargetCommand
{
    /// <summary>The archive to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How the archive is compressed.</summary>
    [Parameter]
    public ArchiveCoding Compression { get; set; }

    /// <summary>Keep set-user-ID and set-group-ID bits, devices and security attributes, which are left out
    /// otherwise.</summary>
    [Parameter]
    public SwitchParameter IncludeSpecial { get; set; }

    /// <summary>Replace an archive that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Keep an archive that is there, also with -Force.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override void ProcessVolume(VolumeRecord volume)
    {
        if (HostFile.Output(this, Path, Force && !NoClobber) is not { } path) return;
        if (!ShouldProcess(Messages.Volume(volume.Name), Messages.ExportTo(path))) return;
        using ActivityProgress progress = new(this, Messages.ActionExport, path);
        Engine.Volumes.Export(volume.Name, path, Compression, IncludeSpecial, progress.Report, StopToken);
        HostFile.Write(this, path);
    }
}
