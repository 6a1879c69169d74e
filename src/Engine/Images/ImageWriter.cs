using System.Text.Json;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>Writes images as an OCI layout or as <c>docker save</c> does; what several share once.</summary>
internal sealed class ImageWriter(
    ImageStore store, ImageSink sink, ArchiveCoding coding, Action<long>? progress, CancellationToken cancellation)
{
    private readonly Dictionary<string, ManifestDocument.Descriptor> layers = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private long done;

    private static ImageJsonContext Json => ImageJsonContext.Documents;

    /// <summary>An OCI layout (image-spec, image-layout.md).</summary>
    public void WriteLayout(IReadOnlyList<ImageRecord> images)
    {
        sink.Add(
            OciLayoutDocument.FileName,
            JsonSerializer.SerializeToUtf8Bytes(new OciLayoutDocument(), Json.OciLayoutDocument));
        List<ManifestDocument.Descriptor> manifests = [];
        foreach (ImageRecord image in images) manifests.AddRange(WriteOci(image));
        ManifestDocument index = new() { MediaType = ManifestDocument.IndexType, Manifests = manifests };
        sink.Add("index.json", JsonSerializer.SerializeToUtf8Bytes(index, Json.ManifestDocument));
        sink.Finish();
    }

    /// <summary>The archive of <c>docker save</c>.</summary>
    public void WriteDocker(IReadOnlyList<ImageRecord> images)
    {
        List<DockerArchiveDocument> documents = [];
        foreach (ImageRecord image in images)
        {
            byte[] config = Config(image);
            if (written.Add(image.Id)) sink.Add(image.Id + ".json", config);
            List<string> names = [];
            foreach (string digest in image.LayerDigests)
            {
                string name = ImageStore.Hash(digest) + "/layer.tar";
                names.Add(name);
                if (written.Add(digest)) AddPlain(name, digest);
            }

            documents.Add(new DockerArchiveDocument
            {
                Config = image.Id + ".json", RepoTags = image.References, Layers = names,
            });
        }

        sink.Add(
            "manifest.json",
            JsonSerializer.SerializeToUtf8Bytes(documents.ToArray(), Json.DockerArchiveDocumentArray));
        sink.Finish();
    }

    private IEnumerable<ManifestDocument.Descriptor> WriteOci(ImageRecord image)
    {
        byte[] config = Config(image);
        string configDigest = "sha256:" + image.Id;
        AddBlob(configDigest, config);
        ManifestDocument manifest = new()
        {
            MediaType = ManifestDocument.ManifestType,
            Config = new()
            {
                MediaType = ManifestDocument.ConfigType, Digest = configDigest, Size = config.Length,
            },
            Layers = [.. image.LayerDigests.Select(WriteLayer)],
        };
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(manifest, Json.ManifestDocument);
        string digest = Digest(content);
        AddBlob(digest, content);
        ManifestDocument.Descriptor descriptor = new()
        {
            MediaType = ManifestDocument.ManifestType,
            Digest = digest,
            Size = content.Length,
            Platform = new() { Architecture = image.Architecture, Os = image.Os.Length > 0 ? image.Os : "linux" },
        };
        return image.References.Count == 0
            ? [descriptor]
            : image.References.Select(name => descriptor with
            {
                Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
                {
                    ["io.containerd.image.name"] = name,
                    ["org.opencontainers.image.ref.name"] = name,
                },
            });
    }

    private ManifestDocument.Descriptor WriteLayer(string diffId)
    {
        if (layers.TryGetValue(diffId, out ManifestDocument.Descriptor? known)) return known;
        ManifestDocument.Descriptor made = coding == ArchiveCoding.None ? WritePlain(diffId) : WriteCompressed(diffId);
        layers.Add(diffId, made);
        return made;
    }

    private ManifestDocument.Descriptor WritePlain(string diffId)
    {
        long size = AddPlain(BlobName(diffId), diffId);
        return new() { MediaType = ManifestDocument.LayerType, Digest = diffId, Size = size };
    }

    private long AddPlain(string name, string diffId)
    {
        LayerDocument layer = store.Layers.TryRead(diffId) ?? throw new EngineException(
            ErrorId.ImageNotFound, $"Layer {diffId} is missing from the store.", "Import the image again.", diffId);
        sink.Add(name, layer.ArchiveSize, output => Write(diffId, output));
        return layer.ArchiveSize;
    }

    private void Write(string diffId, Stream output)
    {
        long before = done;
        store.Layers.WriteArchive(diffId, output, cancellation, bytes => progress?.Invoke(done = before + bytes));
    }

    // Its length and digest are known only when it is compressed, and a tar header has to say the length first.
    private ManifestDocument.Descriptor WriteCompressed(string diffId)
    {
        Directory.CreateDirectory(store.Layers.Temporary);
        using FileStream file = new(
            Path.Combine(store.Layers.Temporary, Guid.NewGuid().ToString("N")), FileMode.CreateNew,
            FileAccess.ReadWrite, FileShare.None, 1 << 20, FileOptions.DeleteOnClose);
        using HashingStream hashing = new(file);
        using (Stream output = ArchiveFile.Compress(hashing, coding, leaveOpen: true))
        {
            Write(diffId, output);
        }

        string digest = hashing.GetDigest();
        file.Position = 0;
        sink.Add(
            BlobName(digest), hashing.Count,
            target => file.CopyTo(new InterruptibleStream(target, cancellation), 1 << 20));
        string suffix = coding == ArchiveCoding.Zstd ? "+zstd" : "+gzip";
        return new() { MediaType = ManifestDocument.LayerType + suffix, Digest = digest, Size = hashing.Count };
    }

    private void AddBlob(string digest, byte[] content)
    {
        if (written.Add(digest)) sink.Add(BlobName(digest), content);
    }

    private byte[] Config(ImageRecord image)
    {
        byte[] config = store.ReadBlob("sha256:" + image.Id) ?? throw new EngineException(
            ErrorId.SpecInvalid, $"The configuration of image '{image}' is missing from the store.", null, image.Id);
        ImageArchive.Verify(config, "sha256:" + image.Id);
        return config;
    }

    private static string Digest(byte[] content) =>
        "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));

    private static string BlobName(string digest) => "blobs/sha256/" + ImageStore.Hash(digest);
}
