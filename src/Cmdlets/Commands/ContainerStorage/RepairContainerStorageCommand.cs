using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Storage;

namespace Container.Cmdlets.Commands;

/// <summary>Mends what is wrong with the state of containers, images, volumes and secrets.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerStorage", DefaultParameterSetName = AllSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ContainerStorageIssue))]
public sealed class RepairContainerStorageCommand : ContainerCmdlet
{
    private const string AllSet = "All";
    private const string InputObjectSet = "InputObject";

    // What is mended may show more: the layers of an image whose record could not be read.
    private const int MaximumRounds = 3;

    /// <summary>What Test-ContainerStorage -Detailed found; without it everything that is wrong.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerStorageIssue[] InputObject { get; set; } = [];

    /// <summary>Do not ask, unless -Confirm is given.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ContainerStorageIssue issue in InputObject) Repair(issue.Found());
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName != AllSet) return;
        HashSet<(StorageIssueKind Kind, string Path)> seen = [];
        for (int round = 0; round < MaximumRounds; round++)
        {
            StorageIssue[] issues = Attempt(null, () => Engine.Storage.Check(cancellation: StopToken)
                .Where(issue => seen.Add((issue.Kind, issue.Path))).ToArray()) ?? [];
            foreach (StorageIssue issue in issues) Repair(issue);
            if (issues.Length == 0) return;
        }
    }

    private void Repair(StorageIssue issue)
    {
        if (!ShouldProcess(issue.Message, Messages.ActionRepair(issue), Force)) return;
        Attempt(issue.Id, () =>
        {
            Engine.Storage.Repair(issue, StopToken);
            WriteObject(ContainerStorageIssue.From(issue, repaired: true));
        });
    }
}
