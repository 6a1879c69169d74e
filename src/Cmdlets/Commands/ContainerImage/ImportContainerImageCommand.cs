using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;

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
            WriteObject(Import(file));
            return;
        }

        ContainerJob job = new(MyInvocation.Line.Trim(), file);
        JobRepository.Add(job);
        string? tag = Tag;
        job.Start((sink, token) => sink.Output(ContainerImageInfo.From(
            Engine.Images.ImportRootFs(file, tag, null, null, null, null, token))));
        WriteObject(job);
    }
}
