using Container.Engine.Errors;
using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>The manifests and indexes of an archive, each read once, however often it is named.</summary>
/// <param name="files">The archive.</param>
/// <param name="directory">Where its blobs are.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class ImageLayout(ArchiveFiles files, string directory, CancellationToken cancellation)
{
    /// <summary>The directory of an OCI layout's blobs.</summary>
    public const string Blobs = "blobs/sha256/";

    /// <summary>That of skopeo's <c>dir:</c>.</summary>
    public const string Transport = "";

    private const int MaximumDepth = 4;
    private const string DockerManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerListType = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerConfigType = "application/vnd.docker.container.image.v1+json";

    private readonly Dictionary<string, ArchivedImage?> known = new(StringComparer.Ordinal);

    private static ImageJsonContext Json => ImageJsonContext.Documents;

    /// <summary>The images of an index; what is none is left out with a warning.</summary>
    public IReadOnlyList<ArchivedImage> ReadIndex(ManifestDocument index)
    {
        Dictionary<string, ArchivedImage> images = new(StringComparer.Ordinal);
        IReadOnlyList<ManifestDocument.Descriptor> entries = index.Manifests ?? [];
        foreach (IGrouping<string, ManifestDocument.Descriptor> same in entries.GroupBy(entry => entry.Digest))
        {
            cancellation.ThrowIfCancellationRequested();
            ManifestDocument.Descriptor entry = same.First();
            if (entries.Count > 1 && !ImageChoice.IsForThisMachine(entry.Platform)) continue;
            if (TryRead(entry, 0) is not { } image)
            {
                EngineWarning.Say($"'{entry.Digest}' of the archive was left out: it is no image.");
                continue;
            }

            string id = ImageArchive.Digest(image.Config);
            string[] names = [.. same.SelectMany(Names)];
            images[id] = images.TryGetValue(id, out ArchivedImage? other)
                ? other with { Names = [.. other.Names.Union(names)] }
                : image with { Names = names };
        }

        return [.. images.Values];
    }

    /// <summary>The one image of an archive that has a manifest of a fixed name.</summary>
    public ArchivedImage ReadManifest(string name)
    {
        byte[] content = files.TryRead(name, ImageArchive.MaximumDocument)
            ?? throw ArchiveFailure.Invalid($"it has no file '{name}'");
        return TryRead(content, name, 0) ?? throw ArchiveFailure.Invalid($"'{name}' is of no image for this machine");
    }

    private ArchivedImage? TryRead(ManifestDocument.Descriptor descriptor, int depth)
    {
        if (known.TryGetValue(descriptor.Digest, out ArchivedImage? read)) return read;
        if (descriptor.MediaType is not (null or ManifestDocument.ManifestType or ManifestDocument.IndexType
            or DockerManifestType or DockerListType)) return null;
        byte[] content = ReadBlob(descriptor);
        ArchivedImage? image = TryRead(content, descriptor.Digest, depth, descriptor.MediaType);
        known.Add(descriptor.Digest, image);
        return image;
    }

    private ArchivedImage? TryRead(byte[] content, string name, int depth, string? promised = null)
    {
        cancellation.ThrowIfCancellationRequested();
        ManifestDocument document = ImageJson.Parse(content, Json.ManifestDocument, name);
        if (document.MediaType is { } type && promised is not null && type != promised)
            throw ArchiveFailure.Invalid($"'{name}' is of type {type}, not {promised}");
        if (document.Manifests is not null && (document.Layers is not null || document.Config is not null))
            throw ArchiveFailure.Invalid($"'{name}' is both an index and a manifest");
        if (document.Manifests is not null)
        {
            if (depth == MaximumDepth) throw ArchiveFailure.Invalid("its indexes are nested too deeply");
            return ImageChoice.Ordered(document.Manifests).Select(entry => TryRead(entry, depth + 1))
                .FirstOrDefault(image => image is not null);
        }

        if (!IsImage(document)) return null;
        byte[] config = ReadBlob(document.Config!);
        return new ArchivedImage
        {
            Config = config,
            Document = ImageJson.Parse(config, Json.ImageDocument, document.Config!.Digest),
            Manifest = content,
            Layers =
            [
                .. (document.Layers ?? []).Select(
                    layer => new ArchivedLayer(BlobName(layer.Digest), layer.Digest, layer.Size)),
            ],
        };
    }

    // Signatures, attestations, charts and whatever else is kept beside images have manifests, too.
    private static bool IsImage(ManifestDocument document) =>
        document.ArtifactType is null
        && document.Config is { MediaType: null or ManifestDocument.ConfigType or DockerConfigType }
        && (document.Layers ?? []).All(layer => layer.MediaType is null
            || layer.MediaType.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal)
            || layer.MediaType.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal));

    // A reference name without a colon is a tag of a name that the archive does not say.
    private static IReadOnlyList<string> Names(ManifestDocument.Descriptor descriptor)
    {
        if (descriptor.Annotations?.GetValueOrDefault("io.containerd.image.name") is { } whole) return [whole];
        return descriptor.Annotations?.GetValueOrDefault("org.opencontainers.image.ref.name") is { } name
            && name.Contains(':', StringComparison.Ordinal) ? [name] : [];
    }

    private byte[] ReadBlob(ManifestDocument.Descriptor descriptor)
    {
        byte[] content = files.TryRead(BlobName(descriptor.Digest), ImageArchive.MaximumDocument)
            ?? (directory == Transport
                ? files.TryRead(BlobName(descriptor.Digest) + ".manifest.json", ImageArchive.MaximumDocument)
                : null)
            ?? throw ArchiveFailure.Invalid($"it has no blob '{descriptor.Digest}'");
        ImageArchive.Verify(content, descriptor.Digest);
        return content;
    }

    private string BlobName(string digest) => directory + ImageStore.Hash(digest);
}
