using System.IO.Compression;
using System.Text.Json;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images.Archives;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images;

/// <summary>
/// The unpacked layers: layers/HEX/tree and layers/HEX/layer.json. A layer is unpacked under tmp/ and renamed when it
/// is whole; what a killed import leaves there is removed by the next one, who sees that its lock is free.
/// </summary>
internal sealed class LayerStore(string root, StoreFiles files)
{
    private const string Document = "layer.json";

    /// <summary>What of the layer's tar is not content of its files; see <see cref="LayerRecorder"/>.</summary>
    public const string RecordName = "layer.parts.gz";

    /// <summary>The layer's tar itself, where the other does not do.</summary>
    public const string ArchiveName = "layer.tar.gz";

    private string Layers => Path.Combine(root, "layers");

    public string Temporary => Path.Combine(root, "tmp");

    public string DirectoryOf(string digest) => Path.Combine(Layers, ImageStore.Hash(digest));

    public string Tree(string digest) => Path.Combine(DirectoryOf(digest), "tree");

    public RootDirectory Open(string digest) => files.Open(Tree(digest));

    public bool Has(string digest) => File.Exists(Path.Combine(Layers, ImageStore.Hash(digest), Document));

    /// <summary>The digits of the digests of all layers.</summary>
    public IReadOnlyList<string> List() =>
        [.. DirectoryListing.Directories(Layers).Select(layer => Path.GetFileName(layer)).Where(ObjectId.IsValid)];

    /// <summary>What is known of a layer beside its tree.</summary>
    public LayerDocument? TryRead(string digest)
    {
        string path = Path.Combine(Layers, ImageStore.Hash(digest), Document);
        return HostTrust.Read(path) is { } content
            ? JsonSerializer.Deserialize(content, ImageJsonContext.Documents.LayerDocument)
            : null;
    }

    /// <summary>Writes the tar of a layer, the very bytes it came with.</summary>
    public void WriteArchive(
        string digest, Stream output, CancellationToken cancellation, Action<long>? progress = null)
    {
        string directory = Path.Combine(Layers, ImageStore.Hash(digest));
        string record = Path.Combine(directory, RecordName);
        string archive = Path.Combine(directory, ArchiveName);
        output = new InterruptibleStream(output, cancellation, progress);
        try
        {
            string written;
            if (File.Exists(archive))
            {
                using GZipStream input = new(File.OpenRead(archive), CompressionMode.Decompress);
                using HashingStream hashing = new(output);
                input.CopyTo(hashing);
                written = hashing.GetDigest();
            }
            else
            {
                using RootDirectory tree = Open(digest);
                using LayerReplay replay = new(tree, output);
                written = replay.Write(record, cancellation);
            }

            if (written != digest) throw Changed(digest, null);
        }
        catch (Exception failure) when (failure is SystemCallException or EndOfStreamException or InvalidDataException
            or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(digest, failure);
        }
    }

    /// <summary>A new directory to unpack into; disposed of, it is gone unless it was kept.</summary>
    public LayerDraft Begin()
    {
        EnginePaths.MakePrivate(Layers);
        EnginePaths.MakePrivate(Temporary);
        RemoveStale();
        return new LayerDraft(Temporary, files);
    }

    /// <summary>Makes a draft the layer of this digest; the caller holds the store's lock.</summary>
    public void Keep(LayerDraft draft, string digest, LayerDocument document)
    {
        if (Has(digest)) return;
        AtomicFile.Write(
            Path.Combine(draft.Path, Document),
            JsonSerializer.SerializeToUtf8Bytes(document, ImageJsonContext.Documents.LayerDocument));
        try
        {
            using RootDirectory store = files.Open(root);
            store.Remove("layers/" + ImageStore.Hash(digest));
            store.Rename("tmp/" + draft.Name, "layers/" + ImageStore.Hash(digest));
            using FileDescriptor layers = store.OpenDirectory("layers");
            layers.Flush(Layers);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, Layers);
        }
    }

    public void Remove(string digest)
    {
        try
        {
            using RootDirectory store = files.Open(root);
            string name = "layers/" + ImageStore.Hash(digest);
            if (store.FindMetadata(name) is null) return;

            // Out of the way first: a half-removed layer must not look like one.
            string gone = "tmp/removed-" + Guid.NewGuid().ToString("N");
            store.MakeDirectories("tmp", 0x1C0);
            store.Rename(name, gone);
            store.Remove(gone);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, Layers);
        }
    }

    /// <summary>What is below tmp/ and nobody is at: drafts, layers half removed, files between.</summary>
    public IEnumerable<string> FindTemporary() => [.. DirectoryListing.Entries(Temporary).Where(IsStale)];

    // Files that are written hold a lock themselves (FileShare.None), drafts have one beside them.
    private static bool IsStale(string path)
    {
        bool isLock = path.EndsWith(LayerDraft.LockSuffix, StringComparison.Ordinal);
        if (isLock && Directory.Exists(path[..^LayerDraft.LockSuffix.Length])) return false;
        string held = Directory.Exists(path) ? path + LayerDraft.LockSuffix : path;
        if (!File.Exists(held)) return Path.Exists(path);
        using LockFile? free = LockFile.TryAcquire(held);
        return free is not null;
    }

    private static EngineException Changed(string digest, Exception? inner) => new(
        ErrorId.DigestMismatch,
        $"The layer {digest} of the store is not what it was when it was unpacked"
        + (inner is null ? "." : $": {inner.Message.TrimEnd('.')}."),
        "Import or build the image again.",
        digest,
        inner);

    private void RemoveStale()
    {
        foreach (string directory in DirectoryListing.Directories(Temporary)) LayerDraft.RemoveIfStale(directory, files);
    }
}
