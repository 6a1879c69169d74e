using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Engine.Files;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Writes images to one archive or directory.</summary>
[Cmdlet(VerbsData.Export, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("epctri")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class ExportContainerImageCommand : ImageTargetCommand
{
    private readonly List<ImageRecord> _images = [];

    /// <summary>The archive to write, or the directory of an OCI layout.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>OciArchive, OciLayout (a directory) or DockerArchive (docker save).</summary>
    [Parameter]
    public ImageArchiveFormat Format { get; set; }

    /// <summary>How layers are compressed; of a DockerArchive, the whole.</summary>
    [Parameter]
    public ArchiveCoding Compression { get; set; }

    /// <summary>Replace what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Keep what is there, also with -Force.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override void ProcessImage(ImageRecord image, string? text)
    {
        int known = _images.FindIndex(other => other.Id == image.Id);
        if (known < 0) _images.Add(image);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_images.Count == 0) return;
        bool layout = Format == ImageArchiveFormat.OciLayout;
        if (HostFile.Output(this, Path, Force && !NoClobber, layout) is not { } path) return;
        if (!ShouldProcess(string.Join(", ", _images.Select(Describe)), Messages.ExportTo(path))) return;
        Attempt(path, () =>
        {
            using ActivityProgress progress = new(this, Messages.ActionExport, path);
            Engine.Images.Export(_images, path, Format, Compression, progress.Report, StopToken);
            HostFile.Write(this, path);
        });
    }
}
