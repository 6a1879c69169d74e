using System.Text.Json;
using Container.Engine.Store;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.Images;

/// <summary>
/// The unpacked layers: layers/HEX/tree and layers/HEX/layer.json. A layer is unpacked under tmp/ and renamed when it
/// is whole; what a killed import leaves there is removed by the next one, who sees that its lock is free.
/// </summary>
internal sealed class LayerStore(string root)
{
    private const string Document = "layer.json";

    private string Layers => Path.Combine(root, "layers");

    private string Temporary => Path.Combine(root, "tmp");

    public string Tree(string digest) => Path.Combine(Layers, ImageStore.Hash(digest), "tree");

    public bool Has(string digest) => File.Exists(Path.Combine(Layers, ImageStore.Hash(digest), Document));

    /// <summary>The digits of the digests of all layers.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(Layers)
        ? [.. Directory.EnumerateDirectories(Layers).Select(layer => Path.GetFileName(layer)).Where(ObjectId.IsValid)]
        : [];

    /// <summary>A new directory to unpack into; disposed of, it is gone unless it was kept.</summary>
    public LayerDraft Begin()
    {
        EnginePaths.MakePrivate(Layers);
        EnginePaths.MakePrivate(Temporary);
        RemoveStale();
        return new LayerDraft(Temporary);
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
            using RootDirectory store = RootDirectory.Open(root);
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
            using RootDirectory store = RootDirectory.Open(root);
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

    private void RemoveStale()
    {
        foreach (string directory in Directory.EnumerateDirectories(Temporary)) LayerDraft.RemoveIfStale(directory);
    }
}
