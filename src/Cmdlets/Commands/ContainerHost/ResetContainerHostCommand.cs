using System.Management.Automation;

namespace Container.Cmdlets.Commands;

/// <summary>Removes every container, image, volume and secret of the host.</summary>
[Cmdlet(VerbsCommon.Reset, "ContainerHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class ResetContainerHostCommand : ContainerCmdlet
{
    /// <summary>Do not ask, unless -Confirm is given.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string root = Engine.Paths.StateRoot;
        if (ShouldProcess(root, Messages.ActionReset, Force)) Attempt(root, () => Engine.Storage.Reset(StopToken));
    }
}
