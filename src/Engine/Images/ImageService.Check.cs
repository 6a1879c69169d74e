using System.Security.Cryptography;
using Container.Engine.Errors;
using Container.Engine.Storage;
using Container.Engine.Store;

namespace Container.Engine.Images;

/// <summary>What is wrong with the store of images.</summary>
public sealed partial class ImageService
{
    /// <param name="quick">Leave out what has to read every file of every layer.</param>
    /// <param name="cancellation">Ends it.</param>
    internal IEnumerable<StorageIssue> Check(bool quick, CancellationToken cancellation)
    {
        if (!Directory.Exists(store.Root)) return [];
        List<StorageIssue> issues = [];

        // Under the lock nothing is half made: what is of no image is of none.
        using (store.Lock(cancellation))
        {
            issues.AddRange(CheckReferences());
            issues.AddRange(CheckRecords());

            // With a file that cannot be read nobody knows what is of an image.
            if (issues.TrueForAll(issue => store.TryRecord(issue.Id) is not null)) issues.AddRange(CheckOrphans());
            issues.AddRange(store.FindTemporary().Select(TemporaryFiles.Issue));
        }

        if (!quick) issues.AddRange(CheckLayers(cancellation));
        return issues;
    }

    /// <summary>Mends what was found, if it is still so.</summary>
    internal void Repair(StorageIssue issue, CancellationToken cancellation)
    {
        using LockFile held = store.Lock(cancellation);
        switch (issue.Kind)
        {
            case StorageIssueKind.ImageDamaged when CheckRecords().Any(found => found.Id == issue.Id):
                RefuseUsed(issue, issue.Id);
                Drop(issue.Id);
                break;
            case StorageIssueKind.LayerDamaged when store.Layers.Has(issue.Id):
                string[] images = [.. WithLayer(issue.Id).Select(image => image.Id)];
                foreach (string id in images) RefuseUsed(issue, id);
                foreach (string id in images) Drop(id);
                if (store.Layers.Has(issue.Id)) store.Layers.Remove(issue.Id);
                break;
            case StorageIssueKind.LayerRemains or StorageIssueKind.BlobRemains or StorageIssueKind.TagRemains
                when CheckOrphans().Any(found => found.Kind == issue.Kind && found.Id == issue.Id):
                RemoveOrphan(issue);
                break;
            case StorageIssueKind.TagsDamaged when CheckReferences().Any():
                File.Delete(store.ReferencesPath);
                break;
            case StorageIssueKind.TemporaryFile:
                store.RemoveTemporary(issue.Path);
                break;
        }
    }

    internal bool HasRecord(string id) => File.Exists(store.RecordPath(id));

    private IEnumerable<StorageIssue> CheckReferences()
    {
        if (store.TryReferences() is not null) yield break;
        yield return new StorageIssue
        {
            Kind = StorageIssueKind.TagsDamaged, Id = Path.GetFileName(store.ReferencesPath),
            Path = store.ReferencesPath,
            Message = "The names of the images cannot be read; without them images are known by their ids.",
        };
    }

    // Those that cannot be read come first: they stand in the way of everything else.
    private IEnumerable<StorageIssue> CheckRecords()
    {
        foreach (string id in store.FindIds(string.Empty).OrderBy(id => store.TryRecord(id) is not null))
        {
            string? problem = store.TryRecord(id) is { } record
                ? Problems(record).FirstOrDefault()
                : "Its record cannot be read.";
            if (problem is null) continue;
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.ImageDamaged, Id = id, Path = store.RecordPath(id),
                Message = $"The image {store.TryRecord(id)?.ToString() ?? id} is damaged. {problem}",
            };
        }
    }

    private IEnumerable<string> Problems(ImageRecord record)
    {
        foreach (string digest in new[] { "sha256:" + record.Id, record.Digest })
        {
            byte[]? content = store.ReadBlob(digest);
            if (content is null) yield return $"Its document {digest} is missing.";
            else if ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) != digest)
                yield return $"Its document {digest} is not what it was.";
        }

        foreach (string digest in record.StoredLayers)
        {
            if (!store.Layers.Has(digest)) yield return $"Its layer {digest} is missing.";
        }
    }

    private IEnumerable<StorageIssue> CheckOrphans()
    {
        List<ImageRecord> records = [.. store.ReadRecords()];
        HashSet<string> kept = [.. records.SelectMany(record => record.StoredLayers)];
        foreach (string hash in store.Layers.List())
        {
            string layer = "sha256:" + hash;
            if (kept.Contains(layer)) continue;
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.LayerRemains, Id = layer, Path = store.Layers.DirectoryOf(layer),
                Message = $"The layer {layer} is of no image.",
            };
        }

        HashSet<string> documents = [.. records.SelectMany(record => new[] { "sha256:" + record.Id, record.Digest })];
        foreach (string blob in store.ListBlobs().Where(blob => !documents.Contains(blob)))
        {
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.BlobRemains, Id = blob, Path = store.BlobPath(blob),
                Message = $"The document {blob} is of no image.",
            };
        }

        HashSet<string> ids = [.. records.Select(record => record.Id)];
        foreach ((string name, string id) in store.ReadReferences().Where(reference => !ids.Contains(reference.Value)))
        {
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.TagRemains, Id = name, Path = store.ReferencesPath,
                Message = $"The name '{name}' leads to no image.",
            };
        }
    }

    private IEnumerable<StorageIssue> CheckLayers(CancellationToken cancellation)
    {
        foreach (string layer in store.FindIds(string.Empty).Select(store.TryRecord).OfType<ImageRecord>()
            .SelectMany(record => record.StoredLayers).Distinct().Where(store.Layers.Has).ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            if (WhyChanged(layer, cancellation) is not { } problem) continue;

            // Somebody may have removed the image while its layer was read.
            string names = string.Join(", ", WithLayer(layer).Select(image => image.ToString()));
            if (names.Length == 0 || !store.Layers.Has(layer)) continue;
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.LayerDamaged, Id = layer, Path = store.Layers.DirectoryOf(layer),
                Message = $"{problem} It is of {names}.",
            };
        }
    }

    private string? WhyChanged(string layer, CancellationToken cancellation)
    {
        try
        {
            store.Layers.WriteArchive(layer, Stream.Null, cancellation);
            return null;
        }
        catch (EngineException failure) when (failure.Id == ErrorId.DigestMismatch)
        {
            return failure.Message;
        }
    }

    private IEnumerable<ImageRecord> WithLayer(string layer) => store.FindIds(string.Empty).Select(store.TryRecord)
        .OfType<ImageRecord>().Where(image => image.StoredLayers.Contains(layer));

    // What a container is made of is its only copy.
    private void RefuseUsed(StorageIssue issue, string id)
    {
        IReadOnlyList<string> users = findUsers(id);
        if (users.Count == 0) return;
        throw new EngineException(
            ErrorId.ImageInUse,
            $"{issue.Message} It is used by {string.Join(", ", users.Take(5))}{(users.Count > 5 ? " …" : "")}.",
            "Import the image again, or remove the containers first.",
            issue.Id);
    }

    private void Drop(string id)
    {
        SortedDictionary<string, string> references = store.ReadReferences();
        string[] names = [.. references.Where(pair => pair.Value == id).Select(pair => pair.Key)];
        foreach (string name in names) references.Remove(name);
        if (names.Length > 0) store.WriteReferences(references);
        if (store.TryRecord(id) is { } record) Delete(record);
        else store.RemoveRecord(id);
    }

    private void RemoveOrphan(StorageIssue issue)
    {
        if (issue.Kind == StorageIssueKind.LayerRemains)
        {
            store.Layers.Remove(issue.Id);
        }
        else if (issue.Kind == StorageIssueKind.BlobRemains)
        {
            store.RemoveBlob(issue.Id);
        }
        else
        {
            SortedDictionary<string, string> references = store.ReadReferences();
            references.Remove(issue.Id);
            store.WriteReferences(references);
        }
    }
}
