using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Storage;

namespace Container.Cmdlets.Commands;

/// <summary>Measures the space that containers, images and volumes take.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ContainerStorage")]
[OutputType(typeof(ContainerStorageUsage))]
public sealed class MeasureContainerStorageCommand : ContainerCmdlet
{
    /// <summary>Also list each container, image and volume.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (StorageType type in Enum.GetValues<StorageType>()) Attempt(type, () => WriteObject(Measure(type)));
    }

    private ContainerStorageUsage Measure(StorageType type)
    {
        StorageItem[] items = [.. Engine.Storage.List(type, StopToken)];
        return new ContainerStorageUsage
        {
            Type = type,
            Total = items.Length,
            Active = items.Count(item => item.IsActive),
            Size = Engine.Storage.Total(type, items),
            Reclaimable = items.Where(item => !item.IsActive).Sum(item => item.Size),
            Item = Detailed ? items : [],
        };
    }
}
