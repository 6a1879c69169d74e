using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Engine.Catalog;
using Container.Engine.Files;

namespace Container.Cmdlets.Commands;

/// <summary>Writes the root filesystem of a container to a tar archive.</summary>
[Cmdlet(VerbsData.Export, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("epctr")]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerCommand : ContainerTargetCommand
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

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (HostFile.Output(this, Path, Force && !NoClobber) is not { } path) return;
        if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ExportTo(path))) return;
        using ActivityProgress progress = new(this, Messages.ActionExport, path);
        Engine.Containers.Export(container.Id, path, Compression, IncludeSpecial, progress.Report, StopToken);
        HostFile.Write(this, path);
    }
}
