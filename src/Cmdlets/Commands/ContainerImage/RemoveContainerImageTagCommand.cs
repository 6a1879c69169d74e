using System.Management.Automation;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Takes names from images; the images stay.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ContainerImageTag", DefaultParameterSetName = NameSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class RemoveContainerImageTagCommand : ImageTargetCommand
{
    /// <summary>The names, as in app:1.2.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    private protected override void ProcessImage(ImageRecord image, string? text)
    {
        if (!ShouldProcess(Describe(image), Messages.RemoveTag(Tag))) return;
        Engine.Images.RemoveTags(image.Id, Tag, StopToken);
    }
}
