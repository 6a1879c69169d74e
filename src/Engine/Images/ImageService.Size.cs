namespace Container.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>The names of the containers that use the image of an id.</summary>
    public IReadOnlyList<string> GetUsers(string id) => findUsers(id);

    /// <summary>Bytes of all layers, each counted once.</summary>
    internal long TotalSize() =>
        store.ReadRecords().SelectMany(image => image.StoredLayers).Distinct().Sum(LayerSize);

    /// <summary>Bytes of the layers that no other image has.</summary>
    internal long OwnSize(ImageRecord image)
    {
        HashSet<string> others = [.. store.ReadRecords().Where(other => other.Id != image.Id)
            .SelectMany(other => other.StoredLayers)];
        return image.StoredLayers.Distinct().Where(digest => !others.Contains(digest)).Sum(LayerSize);
    }

    private long LayerSize(string digest) => store.Layers.TryRead(digest)?.ContentSize ?? 0;
}
