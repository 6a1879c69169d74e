using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Secrets;
using Container.Engine.State;
using Container.Engine.Storage;
using Container.Engine.Volumes;

namespace Container.Engine.Upkeep;

/// <summary>What the state directory has, and what of it nobody needs.</summary>
public sealed partial class StorageService
{
    private readonly EnginePaths paths;
    private readonly ContainerService containers;
    private readonly ImageService images;
    private readonly VolumeService volumes;
    private readonly SecretService secrets;

    internal StorageService(
        EnginePaths paths,
        ContainerService containers,
        ImageService images,
        VolumeService volumes,
        SecretService secrets)
    {
        this.secrets = secrets;
        this.paths = paths;
        this.containers = containers;
        this.images = images;
        this.volumes = volumes;
    }

    /// <summary>Everything of a kind that takes space.</summary>
    public IEnumerable<StorageItem> List(StorageType type, CancellationToken cancellation = default) => type switch
    {
        StorageType.Container => containers.List().Select(container => Describe(container, cancellation)),
        StorageType.Image => ListImages(),
        _ => volumes.List().Select(volume => Describe(volume, cancellation)),
    };

    /// <summary>Bytes of all that is listed, what is shared counted once.</summary>
    public long Total(StorageType type, IEnumerable<StorageItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return type == StorageType.Image ? images.TotalSize() : items.Sum(item => item.Size);
    }

    /// <summary>
    /// Whether an item can go: containers that do not run, images without a name and volumes that nobody named, none of
    /// them used; with all also those that have names.
    /// </summary>
    public static bool IsReclaimable(StorageItem item, bool all)
    {
        ArgumentNullException.ThrowIfNull(item);
        return !item.IsActive && (all || item.IsUnnamed || item.Type == StorageType.Container);
    }

    /// <summary>Removes an item; that it is gone already is no error.</summary>
    public void Remove(StorageItem item, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            switch (item.Type)
            {
                case StorageType.Container:
                    containers.Remove(item.Id, force: false, withVolumes: false, cancellation);
                    break;
                case StorageType.Image:
                    images.Remove(item.Id, images.GetUsers(item.Id).Count == 0, cancellation);
                    break;
                default:
                    volumes.Remove(item.Id, cancellation);
                    break;
            }
        }
        catch (EngineException failure) when (failure.Id is ErrorId.ContainerNotFound or ErrorId.ImageNotFound
            or ErrorId.VolumeNotFound)
        {
            // Somebody else was faster.
        }
    }

    private StorageItem Describe(ContainerRecord container, CancellationToken cancellation) => new()
    {
        Type = StorageType.Container,
        Name = container.Name,
        Id = container.Id,
        Size = DirectorySize.Measure(paths, paths.Container(container.Id), cancellation),
        IsActive = container.State is ContainerState.Running or ContainerState.Paused,
        CreatedAt = container.CreatedAt,
        Label = container.Configuration.Label,
    };

    private StorageItem Describe(VolumeRecord volume, CancellationToken cancellation) => new()
    {
        Type = StorageType.Volume,
        Name = volume.Name,
        Id = volume.Name,
        Size = DirectorySize.Measure(paths, volume.Path, cancellation),
        IsActive = volumes.GetUsers(volume).Count > 0,
        IsUnnamed = volume.IsAnonymous,
        CreatedAt = volume.CreatedAt,
        Label = volume.Label,
    };

    private IEnumerable<StorageItem> ListImages()
    {
        foreach (ImageRecord image in images.List())
        {
            if (image.IsHost) continue;
            yield return new StorageItem
            {
                Type = StorageType.Image,
                Name = image.ToString(),
                Id = image.Id,
                Size = images.OwnSize(image),
                IsActive = images.GetUsers(image.Id).Count > 0,
                IsUnnamed = image.References.Count == 0,
                CreatedAt = image.CreatedAt,
                Label = image.Config.Labels,
            };
        }
    }
}
