using Container.Engine.Errors;
using Container.Engine.Events;
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
        }

        List<(string Name, string Owner)> moved = Assign(references, canonical, image.Id);
        store.WriteReferences(references);
        foreach ((string name, string owner) in moved) Report(EventAction.Untag, owner, name);
        foreach (string name in canonical) Report(EventAction.Tag, image.Id, name);
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
        string[] canonical = [.. names.Select(CheckName)];
        foreach (string name in canonical)
        {
            if (!references.TryGetValue(name, out string? owner) || owner != image.Id)
            {
                throw new EngineException(
                    ErrorId.ImageNotFound, $"'{name}' is no name of image '{idOrReference}'.", null, name);
            }

            references.Remove(name);
        }

        store.WriteReferences(references);
        foreach (string name in canonical) Report(EventAction.Untag, image.Id, name);
        return Resolve(image.Id);
    }

    /// <summary>Removes the references that the record lists; the image stays.</summary>
    /// <param name="image">Which, and those of its references that go.</param>
    /// <param name="all">Whether to remove every reference.</param>
    /// <param name="cancellation">Ends the wait for the store's lock.</param>
    public ImageRemoval Untag(ImageRecord image, bool all = false, CancellationToken cancellation = default) =>
        Remove(image, all, prune: false, cancellation);

    /// <summary>Gives an image names; returns those it takes from others, and from whom.</summary>
    private static List<(string Name, string Owner)> Assign(
        SortedDictionary<string, string> references, IEnumerable<string> names, string id)
    {
        List<(string Name, string Owner)> moved = [];
        foreach (string name in names)
        {
            if (references.TryGetValue(name, out string? owner) && owner != id) moved.Add((name, owner));
            references[name] = id;
        }

        return moved;
    }

    private static void RefuseHost(ImageRecord image, string idOrReference)
    {
        if (!image.IsHost) return;
        throw new EngineException(
            ErrorId.InvalidReference, "The built-in image 'host' has its one name.", null, idOrReference);
    }
}
