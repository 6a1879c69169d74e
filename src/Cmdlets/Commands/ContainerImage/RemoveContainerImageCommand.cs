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

    /// <summary>Take the names only: the image stays, in the end without one, and so do its layers.</summary>
    [Parameter]
    public SwitchParameter NoPrune { get; set; }

    /// <summary>Write what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessImage(ImageRecord image, string? text)
    {
        if (!ShouldProcess(Describe(image), Messages.ActionRemove)) return;
        ImageRecord meant = text is null ? image : ImageResolver.Narrow(image, text);
        ImageRemoval removal = NoPrune
            ? Engine.Images.Untag(meant, Force, StopToken)
            : Engine.Images.Remove(meant, Force, StopToken);
        if (PassThru) WriteObject(ContainerImageRemoval.From(image.Id, removal));
    }
}
