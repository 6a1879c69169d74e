using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Storage;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether the state of containers, images, volumes and secrets is whole.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerStorage")]
[OutputType(typeof(bool), typeof(ContainerStorageIssue))]
public sealed class TestContainerStorageCommand : ContainerCmdlet
{
    /// <summary>Write what is wrong in place of an answer; nothing where nothing is.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Do not read the files of layers again to compare them with their digests.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        IReadOnlyList<StorageIssue> issues = Engine.Storage.Check(Quick, StopToken);
        foreach (StorageIssue issue in issues)
        {
            if (Detailed) WriteObject(ContainerStorageIssue.From(issue));
            else WriteVerbose(issue.Message);
        }

        if (!Detailed) WriteObject(issues.Count == 0);
    });
}
