using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Gives images further names.</summary>
[Cmdlet(
    VerbsCommon.Add, "ContainerImageTag", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void), typeof(ContainerImageInfo))]
public sealed class AddContainerImageTagCommand : ImageTargetCommand
{
    /// <summary>The names, as in app:1.2.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Take names from other images.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the image.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessImage(ImageRecord image, string? text)
    {
        if (!ShouldProcess(Describe(image), Messages.AddTag(Tag))) return;
        ImageRecord tagged = Engine.Images.AddTags(image.Id, Tag, Force, StopToken);
        if (PassThru) WriteObject(ContainerImageInfo.From(tagged));
    }
}
