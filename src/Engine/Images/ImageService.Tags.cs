using Container.Engine.Store;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Gives an image further names; one that another image has moves only with force.</summary>
    public ImageRecord AddTags(
        string idOrReference,
        IReadOnlyList<string> names,
        bool force = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] canonical = [.. names.Select(CheckName)];
        RefuseHost(Resolve(idOrReference), idOrReference);
        using LockFile held = store.Lock(cancellation);
        ImageRecord image = Resolve(idOrReference);
        SortedDictionary<string, string> references = store.ReadReferences();
        foreach (string name in canonical)
        {
            if (!force && references.TryGetValue(name, out string? other) && other != image.Id)
            {
                throw new EngineException(
                    ErrorId.ImageExists,
                    $"'{name}' is the name of another image.",
                    "Use -Force to have it name this one.",
                    name);
            }

            references[name] = image.Id;
        }

        store.WriteReferences(references);
        return Resolve(image.Id);
    }

    /// <summary>Takes names from an image; it stays, with or without others.</summary>
    public ImageRecord RemoveTags(
        string idOrReference, IReadOnlyList<string> names, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        RefuseHost(Resolve(idOrReference), idOrReference);
        using LockFile held = store.Lock(cancellation);
        ImageRecord image = Resolve(idOrReference);
        SortedDictionary<string, string> references = store.ReadReferences();
        foreach (string name in names.Select(CheckName))
        {
            if (!references.TryGetValue(name, out string? owner) || owner != image.Id)
            {
                throw new EngineException(
                    ErrorId.ImageNotFound, $"'{name}' is no name of image '{idOrReference}'.", null, name);
            }

            references.Remove(name);
        }

        store.WriteReferences(references);
        return Resolve(image.Id);
    }

    private static void RefuseHost(ImageRecord image, string idOrReference)
    {
        if (!image.IsHost) return;
        throw new EngineException(
            ErrorId.InvalidReference, "The built-in image 'host' has its one name.", null, idOrReference);
    }
}
