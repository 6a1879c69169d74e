using System.Security.Cryptography;
using Container.Engine.Errors;
using Container.Engine.Images.Archives;
using Container.Engine.State;
using Container.Engine.Store;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    // What overlayfs can put together at once.
    private const int MaximumLayers = 500;

    /// <summary>
    /// Imports the images of an archive: an OCI layout (a directory or a tar archive of one), a <c>dir:</c> of skopeo, or
    /// what <c>docker save</c> wrote. Anything else is taken for a root file system.
    /// </summary>
    /// <param name="path">The archive or directory.</param>
    /// <param name="reference">A name for the one image, in place of those the archive says.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public IReadOnlyList<ImageRecord> Import(
        string path,
        string? reference = null,
        IProgress<ImageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EnginePaths.MakePrivate(store.Layers.Temporary);
        ArchiveFiles? files = TryOpenFiles(Path.GetFullPath(path), cancellation);
        using (files)
        {
            if (files is null || !ImageArchive.IsOne(files))
                return [ImportRootFs(path, reference, progress: progress, cancellation: cancellation)];
            IReadOnlyList<ArchivedImage> images = new ImageArchive(files, cancellation).Read();
            if (images.Count == 0) throw ArchiveFailure.Invalid("it has no image for this machine");
            if (reference is not null && images.Count > 1)
            {
                throw new EngineException(
                    ErrorId.InvalidReference,
                    $"'{path}' has {images.Count} images, which cannot all be called '{reference}'.",
                    "Leave -Tag out, and use Add-ContainerImageTag.",
                    reference);
            }

            return [.. images.Select(image => Import(files, image, reference, progress, cancellation))];
        }
    }

    private ImageRecord Import(
        ArchiveFiles files,
        ArchivedImage image,
        string? reference,
        IProgress<ImageProgress>? progress,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string[] names = [.. (reference is null ? image.Names : [reference]).Select(CheckName)];
        ImageDocument document = CheckSystem(image.Document);
        IReadOnlyList<string> digests = document.RootFs.DiffIds;
        if (digests.Count != image.Layers.Count)
            throw ArchiveFailure.Invalid($"it has {image.Layers.Count} layers, and its configuration {digests.Count}");
        if (digests.Count > MaximumLayers) throw ArchiveFailure.TooLarge($"it has {digests.Count:N0} layers");
        using LayerIntake intake = new(store.Layers, Limits, progress, cancellation);
        for (int i = 0; i < digests.Count; i++)
        {
            ImageStore.Hash(digests[i]);
            if (store.Layers.Has(digests[i]) || digests.Take(i).Contains(digests[i])) continue;
            ArchivedLayer layer = image.Layers[i];
            VerifyBlob(files, layer, digests[i], cancellation);
            string taken = intake.TakeArchive(() => files.Open(layer.Name));
            if (taken != digests[i]) throw ImageArchive.Mismatch(digests[i], taken);
        }

        using LockFile held = store.Lock(cancellation);
        store.RemoveOrphans();
        intake.Keep();
        WarnOfMoved(names, ImageStore.Hash(ImageArchive.Digest(image.Config)));
        return Keep(image.Config, document, image.Manifest, names, cancellation);
    }

    private void WarnOfMoved(string[] names, string id)
    {
        SortedDictionary<string, string> references = store.ReadReferences();
        foreach (string name in names)
        {
            if (!references.TryGetValue(name, out string? owner) || owner == id) continue;
            EngineWarning.Say($"'{name}' was the name of image {owner[..12]} and is now that of {id[..12]}.");
        }
    }

    // A blob that is not compressed has the digest that unpacking it gives.
    private static void VerifyBlob(
        ArchiveFiles files, ArchivedLayer layer, string diffId, CancellationToken cancellation)
    {
        if (layer.Digest is null || layer.Digest == diffId) return;
        using Stream blob = files.Open(layer.Name);
        if (layer.Size is { } size && size != blob.Length)
            throw ArchiveFailure.Invalid($"the blob '{layer.Digest}' has {blob.Length:N0} bytes, not {size:N0}");
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        int count;
        while ((count = blob.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
        }

        string actual = "sha256:" + Convert.ToHexStringLower(hash.GetCurrentHash());
        if (actual != layer.Digest) throw ImageArchive.Mismatch(layer.Digest, actual);
    }

    // Something that is no tar archive of regular form may still be a root file system: the other reader says why not.
    private ArchiveFiles? TryOpenFiles(string path, CancellationToken cancellation)
    {
        try
        {
            return ArchiveFiles.Of(path, store.Layers.Temporary, Limits, cancellation);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ArchiveInvalid)
        {
            return null;
        }
    }

    private static ImageDocument ReadConfig(byte[] content) =>
        CheckSystem(ImageJson.Parse(content, Json.ImageDocument, "its configuration"));

    private static ImageDocument CheckSystem(ImageDocument document) => document.Os is "linux" or ""
        ? document
        : throw ArchiveFailure.Invalid($"its image is for {document.Os}, not for linux");
}
