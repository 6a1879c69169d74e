using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Removes images and the layers nothing else uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("rctri")]
[OutputType(typeof(void), typeof(ContainerImageRemoval))]
public sealed class RemoveContainerImageCommand : ImageTargetCommand
{
    /// <summary>Also images that containers were made from.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // One of several names of an image is taken from it; the image goes with its last name.
    private protected override void ProcessImage(ImageRecord image, string? reference)
    {
        if (!ShouldProcess(Describe(image), Messages.ActionRemove)) return;
        ImageRemoval removal = Engine.Images.Remove(reference ?? image.Id, Force, StopToken);
        if (PassThru) WriteObject(ContainerImageRemoval.From(image.Id, removal));
    }
}
