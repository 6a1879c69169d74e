using System.Management.Automation;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>Makes an image from a root filesystem.</summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageInfo))]
public sealed class ConvertToContainerImageCommand : RootFsImportCommand
{
    /// <summary>Who made it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Author { get; set; }

    /// <summary>What it is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Instructions of a Dockerfile, as in 'CMD ["sh"]' and 'ENV A=1'.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Change { get; set; }

    private protected override void Process(string file) => WriteObject(Import(file, Author, Message, Change));
}
