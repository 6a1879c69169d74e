using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.State;
using Container.Engine.Store;

namespace Container.Engine.Images;

/// <summary>The images: the built-in <c>host</c> and those of the store.</summary>
public sealed partial class ImageService
{
    private const int ShortestPrefix = 2;
    private readonly ImageStore store;
    private readonly Func<string, IReadOnlyList<string>> findUsers;
    private readonly EventService? events;

    /// <summary>Works on the images of a state directory; opening does no I/O.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="findUsers">The names of the containers that use the image of an id.</param>
    /// <param name="events">Hears what happens to them.</param>
    public ImageService(
        EnginePaths paths, Func<string, IReadOnlyList<string>>? findUsers = null, EventService? events = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        store = new ImageStore(paths);
        this.findUsers = findUsers ?? (_ => []);
        this.events = events;
    }

    /// <summary>Every image, the built-in one first.</summary>
    public IReadOnlyList<ImageRecord> List() =>
        [HostImage.Record, .. store.ReadRecords().OrderBy(record => record.ToString(), StringComparer.Ordinal)];

    /// <summary>The image a reference, an id or the beginning of an id names.</summary>
    public ImageRecord Resolve(string idOrReference) => TryResolve(idOrReference) ?? throw new EngineException(
        ErrorId.ImageNotFound,
        $"There is no image '{idOrReference}'.",
        AdviseOnTag(idOrReference),
        idOrReference);

    /// <summary>The image a reference, an id or the beginning of an id names, or null.</summary>
    public ImageRecord? TryResolve(string idOrReference)
    {
        if (string.IsNullOrEmpty(idOrReference)) return null;
        if (ImageReference.TryParse(idOrReference, out ImageReference? reference)
            && FindReference(reference) is { } named)
        {
            return named;
        }

        const string algorithm = "sha256:";
        bool whole = idOrReference.StartsWith(algorithm, StringComparison.Ordinal);
        string prefix = whole ? idOrReference[algorithm.Length..] : idOrReference;
        if (prefix.Length < ShortestPrefix || !ObjectId.IsPrefix(prefix)) return null;
        List<string> found = [.. store.FindIds(prefix)];
        if (HostImage.Id.StartsWith(prefix, StringComparison.Ordinal)) found.Add(HostImage.Id);
        return found.Count switch
        {
            0 => null,
            1 => found[0] == HostImage.Id ? HostImage.Record : store.FindRecord(found[0]),
            _ => throw new EngineException(
                ErrorId.AmbiguousIdentifier,
                $"'{idOrReference}' begins the ids of {found.Count} images.",
                "Write more digits of the id.",
                idOrReference),
        };
    }

    /// <summary>The directories of an image's layers, the topmost first; none for the built-in image.</summary>
    public IReadOnlyList<string> GetLayerDirectories(ImageRecord image)
    {
        ArgumentNullException.ThrowIfNull(image);
        List<string> directories = [];
        foreach (string digest in image.StoredLayers.Reverse())
        {
            if (!store.Layers.Has(digest))
            {
                throw new EngineException(
                    ErrorId.ImageNotFound,
                    $"Layer {digest} of image '{image}' is missing from the store.",
                    "Import the image again.",
                    image);
            }

            directories.Add(store.Layers.Tree(digest));
        }

        return directories;
    }

    /// <summary>
    /// Removes what the text names: one reference, and the image with its last one; or by id the image as a whole.
    /// </summary>
    /// <param name="idOrReference">Which.</param>
    /// <param name="force">Whether to remove every reference, and the image of containers.</param>
    /// <param name="cancellation">Ends the wait for the store's lock.</param>
    public ImageRemoval Remove(string idOrReference, bool force = false, CancellationToken cancellation = default)
    {
        ImageRecord image = Resolve(idOrReference);
        bool named = ImageReference.TryParse(idOrReference, out ImageReference? reference)
            && image.References.Contains(reference.Canonical);
        return Remove(image with { References = named ? [reference!.Canonical] : image.References }, force, cancellation);
    }

    /// <summary>Removes the references that the record lists, and the image where it has no other.</summary>
    /// <param name="image">Which, and those of its references that go.</param>
    /// <param name="force">Whether to remove every reference, and the image of containers.</param>
    /// <param name="cancellation">Ends the wait for the store's lock.</param>
    public ImageRemoval Remove(ImageRecord image, bool force = false, CancellationToken cancellation = default) =>
        Remove(image, force, prune: true, cancellation);

    private ImageRemoval Remove(ImageRecord image, bool force, bool prune, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.IsHost)
        {
            throw new EngineException(
                ErrorId.ImageInUse, "The built-in image 'host' cannot be removed.", null, image.References[0]);
        }

        using LockFile held = store.Lock(cancellation);
        ImageRecord present = Resolve(image.Id);
        string[] untagged = [.. force ? present.References : present.References.Intersect(image.References)];
        bool goes = prune && untagged.Length == present.References.Count;
        if (goes) RefuseUsed(present, present.References.Count > 0 ? present.References[0] : present.Id, force);

        SortedDictionary<string, string> references = store.ReadReferences();
        foreach (string name in untagged) references.Remove(name);
        store.WriteReferences(references);
        foreach (string name in untagged) Report(EventAction.Untag, present.Id, name);
        if (!goes) return new ImageRemoval(untagged, []);
        List<string> deleted = Delete(present);
        Report(EventAction.Remove, present.Id, FirstName(present));
        return new ImageRemoval(untagged, deleted);
    }

    private void Report(EventAction action, string id, string? name) =>
        events?.Add(EventKind.Image, action, id, name);

    private static string? FirstName(ImageRecord image) => image.References.Count > 0 ? image.References[0] : null;

    private void RefuseUsed(ImageRecord image, string idOrReference, bool force)
    {
        IReadOnlyList<string> users = findUsers(image.Id);
        if (force || users.Count == 0) return;
        string names = string.Join(", ", users.Take(5)) + (users.Count > 5 ? " …" : string.Empty);
        throw new EngineException(
            ErrorId.ImageInUse,
            $"Image '{idOrReference}' is used by {names}.",
            "Remove the containers first, or use -Force.",
            idOrReference);
    }

    // First the record, so that an image is never listed without its layers; then the layers no other image has.
    private List<string> Delete(ImageRecord image)
    {
        List<string> deleted = [image.Id];
        store.RemoveRecord(image.Id);
        if (image.Digest.Length > 0) store.RemoveBlob(image.Digest);
        store.RemoveBlob("sha256:" + image.Id);
        HashSet<string> used = [.. store.ReadRecords().SelectMany(record => record.StoredLayers)];
        foreach (string digest in image.StoredLayers.Distinct())
        {
            if (used.Contains(digest)) continue;
            store.Layers.Remove(digest);
            deleted.Add(digest);
        }

        return deleted;
    }

    // Without a tag it is the tag latest that is looked for, which an image need not have.
    private string? AdviseOnTag(string name)
    {
        if (!ImageReference.TryParse(name, out ImageReference? wanted)) return null;
        string[] others = [.. store.ReadReferences().Keys.Where(
            reference => ImageReference.TryParse(reference, out ImageReference? other) && other.Name == wanted.Name)];
        return others.Length == 0 ? null
            : $"'{wanted.Canonical}' was looked for, and there is {string.Join(", ", others)}: name the tag.";
    }

    private ImageRecord? FindReference(ImageReference reference)
    {
        if (reference.Canonical == HostImage.Record.References[0]) return HostImage.Record;
        SortedDictionary<string, string> references = store.ReadReferences();
        if (!references.TryGetValue(reference.Canonical, out string? id)) return null;
        ImageRecord? image = store.FindRecord(id, references);
        return reference.Digest is null || image?.Digest == reference.Digest ? image : null;
    }
}
