using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Gets the steps that images were made in, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageHistory", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerImageLayer))]
public sealed class GetContainerImageHistoryCommand : ImageTargetCommand
{
    private protected override void ProcessImage(ImageRecord image, string? text)
    {
        foreach (ImageLayerRecord step in Engine.Images.GetHistory(image).Reverse())
            WriteObject(ContainerImageLayer.From(image.Id, step));
    }
}
