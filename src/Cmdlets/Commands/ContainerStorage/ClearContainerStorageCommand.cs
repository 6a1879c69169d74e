using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Engine.Storage;
using Container.Engine.Upkeep;

namespace Container.Cmdlets.Commands;

/// <summary>Removes containers, images and volumes that nothing uses.</summary>
[Cmdlet(VerbsCommon.Clear, "ContainerStorage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ContainerPruneResult))]
public sealed class ClearContainerStorageCommand : ContainerCmdlet
{
    /// <summary>What to remove: Container, Image, Volume; where absent containers and images.</summary>
    [Parameter]
    public StorageType[] Type { get; set; } = [StorageType.Container, StorageType.Image];

    /// <summary>Also images and volumes that have names.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Only what has these labels; the values may have wildcards.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Only what was made longer ago than this.</summary>
    [Parameter]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Do not ask, unless -Confirm is given.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Containers first: what only they use can go after them.
        foreach (StorageType type in Type.Distinct().Order())
        {
            StorageItem[] items = Attempt(type, () => Engine.Storage.List(type, StopToken).ToArray()) ?? [];
            foreach (StorageItem item in items.Where(IsWanted))
            {
                if (!ShouldProcess($"{item.Type} '{item.Name}'", Messages.ActionRemove, Force)) continue;
                Attempt(item.Name, () =>
                {
                    Engine.Storage.Remove(item, StopToken);
                    WriteObject(new ContainerPruneResult
                    {
                        Type = item.Type, Name = item.Name, Id = item.Id, Size = item.Size,
                    });
                });
            }
        }
    }

    private bool IsWanted(StorageItem item) =>
        StorageService.IsReclaimable(item, All)
        && (OlderThan is not { } age || DateTimeOffset.UtcNow - item.CreatedAt > age)
        && LabelFilter.Matches(Label, item.Label);
}
