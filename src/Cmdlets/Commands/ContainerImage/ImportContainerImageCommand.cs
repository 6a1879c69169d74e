using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Imports images from archives.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[Alias("ipctri")]
[OutputType(typeof(ContainerImageInfo), typeof(Job))]
public sealed class ImportContainerImageCommand : RootFsImportCommand
{
    /// <summary>Import in the background and write a job for each archive.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private protected override void Process(string file)
    {
        if (!AsJob)
        {
            using ActivityProgress progress = new(this, Messages.ActionImport, file);
            foreach (ImageRecord image in Engine.Images.Import(file, Tag, progress, StopToken))
                WriteObject(ContainerImageInfo.From(image));
            return;
        }

        ContainerJob job = new(MyInvocation.Line.Trim(), file);
        JobRepository.Add(job);
        string? tag = Tag;
        job.Start((sink, token) =>
        {
            foreach (ImageRecord image in Engine.Images.Import(file, tag, null, token))
                sink.Output(ContainerImageInfo.From(image));
        });
        WriteObject(job);
    }
}
