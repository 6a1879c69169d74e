using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;

namespace Container.Engine.Images;

/// <summary>
/// The files of the images: blobs/sha256/HEX (configurations, manifests), layers/HEX (see <see cref="LayerStore"/>),
/// records/ID.json and references.json. Who changes any of it holds the lock; reading takes none, because every file
/// is replaced whole.
/// </summary>
internal sealed class ImageStore(EnginePaths paths)
{
    private static ImageJsonContext Json => ImageJsonContext.Documents;

    public string Root => paths.Images;

    public LayerStore Layers { get; } = new(paths.Images, paths.Files);

    private string Blobs => Path.Combine(Root, "blobs", "sha256");

    public string ReferencesPath => References;

    private string Records => Path.Combine(Root, "records");

    private string References => Path.Combine(Root, "references.json");

    public LockFile Lock(CancellationToken cancellation)
    {
        EnginePaths.MakePrivate(Blobs);
        EnginePaths.MakePrivate(Records);
        return LockFile.Acquire(Path.Combine(Root, "lock"), exclusive: true, cancellation);
    }

    public IEnumerable<ImageRecord> ReadRecords()
    {
        ILookup<string, string> names = ReadReferences().ToLookup(pair => pair.Value, pair => pair.Key);
        foreach (string file in DirectoryListing.Files(Records, "*.json"))
        {
            if (Path.GetFileName(file).StartsWith('.')) continue;
            if (Read(file, Json.ImageRecord) is { } record)
                yield return record with { References = [.. names[record.Id]] };
        }
    }

    public ImageRecord? FindRecord(string id) => FindRecord(id, ReadReferences());

    /// <summary>The same, for a caller that has read the references.</summary>
    public ImageRecord? FindRecord(string id, SortedDictionary<string, string> references)
    {
        if (Read(Record(id), Json.ImageRecord) is not { } record) return null;
        return record with { References = [.. references.Where(pair => pair.Value == id).Select(pair => pair.Key)] };
    }

    public IReadOnlyList<string> FindIds(string prefix) =>
        [.. DirectoryListing.Files(Records, prefix + "*.json").Select(file => Path.GetFileName(file)[..^5])];

    public SortedDictionary<string, string> ReadReferences() =>
        Read(References, Json.SortedDictionaryStringString) is { } read
            ? new SortedDictionary<string, string>(read, StringComparer.Ordinal)
            : new SortedDictionary<string, string>(StringComparer.Ordinal);

    public void WriteReferences(SortedDictionary<string, string> references) =>
        AtomicFile.Write(
            References, JsonSerializer.SerializeToUtf8Bytes(references, Json.SortedDictionaryStringString));

    public void WriteRecord(ImageRecord record) => AtomicFile.Write(
        Record(record.Id), JsonSerializer.SerializeToUtf8Bytes(record with { References = [] }, Json.ImageRecord));

    public void RemoveRecord(string id) => File.Delete(Record(id));

    /// <summary>Keeps a document; returns its digest.</summary>
    public string WriteBlob(ReadOnlySpan<byte> content)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        string path = Path.Combine(Blobs, hash);
        if (!File.Exists(path)) AtomicFile.Write(path, content);
        return "sha256:" + hash;
    }

    public byte[]? ReadBlob(string digest) => HostTrust.Read(Path.Combine(Blobs, Hash(digest)));

    public void RemoveBlob(string digest) => File.Delete(Path.Combine(Blobs, Hash(digest)));

    /// <summary>The digits of a digest; what is none is refused: it becomes a file name (CVE-2024-3727).</summary>
    public static string Hash(string digest)
    {
        const string prefix = "sha256:";
        string hash = digest.StartsWith(prefix, StringComparison.Ordinal) ? digest[prefix.Length..] : string.Empty;
        return ObjectId.IsValid(hash)
            ? hash
            : throw new EngineException(ErrorId.DigestMismatch, $"'{digest}' is no sha256 digest.", null, digest);
    }

    /// <summary>
    /// Removes what a process that was killed between two steps left: layers and documents of no image, names that
    /// lead to none, temporary files. The caller holds the lock, under which every image is made and removed.
    /// </summary>
    public void RemoveOrphans()
    {
        foreach (string directory in new[] { Root, Blobs, Records }) AtomicFile.RemoveStale(directory);
        HashSet<string> kept = new(StringComparer.Ordinal);
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (ImageRecord record in ReadRecords())
        {
            ids.Add(record.Id);
            kept.Add(record.Id);
            foreach (string digest in record.StoredLayers.Append(record.Digest)) kept.Add(Hash(digest));
        }

        foreach (string blob in DirectoryListing.Files(Blobs))
        {
            if (ObjectId.IsValid(Path.GetFileName(blob)) && !kept.Contains(Path.GetFileName(blob))) File.Delete(blob);
        }

        foreach (string hash in Layers.List().Where(hash => !kept.Contains(hash))) Layers.Remove("sha256:" + hash);
        SortedDictionary<string, string> references = ReadReferences();
        string[] dangling = [.. references.Where(pair => !ids.Contains(pair.Value)).Select(pair => pair.Key)];
        foreach (string name in dangling) references.Remove(name);
        if (dangling.Length > 0) WriteReferences(references);
    }

    /// <summary>The record, or null where there is none that can be read.</summary>
    public ImageRecord? TryRecord(string id)
    {
        try
        {
            return FindRecord(id, TryReferences() ?? new SortedDictionary<string, string>());
        }
        catch (EngineException failure) when (failure.Id == ErrorId.SpecInvalid)
        {
            return null;
        }
    }

    /// <summary>The names of all images, or null where they cannot be read.</summary>
    public SortedDictionary<string, string>? TryReferences()
    {
        try
        {
            return ReadReferences();
        }
        catch (EngineException failure) when (failure.Id == ErrorId.SpecInvalid)
        {
            return null;
        }
    }

    public string RecordPath(string id) => Record(id);

    public string BlobPath(string digest) => Path.Combine(Blobs, Hash(digest));

    /// <summary>The digests of all documents that are kept.</summary>
    public IReadOnlyList<string> ListBlobs() =>
        [.. DirectoryListing.Files(Blobs).Select(blob => Path.GetFileName(blob)).Where(ObjectId.IsValid)
            .Select(hash => "sha256:" + hash)];

    /// <summary>What processes that were killed left; the caller holds the lock.</summary>
    public IEnumerable<string> FindTemporary() =>
        new[] { Root, Blobs, Records }.SelectMany(AtomicFile.FindStale).Concat(Layers.FindTemporary());

    /// <summary>Removes it, if it is still nobody's; the caller holds the lock.</summary>
    public void RemoveTemporary(string path)
    {
        if (!FindTemporary().Contains(path)) return;
        if (Directory.Exists(path)) LayerDraft.RemoveIfStale(path, paths.Files);
        else File.Delete(path);
    }

    private string Record(string id) => Path.Combine(Records, id + ".json");

    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (HostTrust.Read(path) is not { } content) return null;
        try
        {
            return JsonSerializer.Deserialize(content, type);
        }
        catch (JsonException failure)
        {
            throw new EngineException(
                ErrorId.SpecInvalid,
                $"The state file '{path}' is damaged: {failure.Message}",
                "Repair-ContainerStorage removes what cannot be read any more.",
                path,
                failure);
        }
    }
}
