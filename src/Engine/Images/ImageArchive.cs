using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>
/// Images in an OCI layout, in a tar archive of one, or in the archive of <c>docker save</c>. Everything that has a
/// digest is verified before it is used; nothing of the archive names a file of the host.
/// </summary>
internal sealed class ImageArchive(ArchiveFiles files)
{
    private const int MaximumDocument = 8 << 20;
    private const int MaximumDepth = 4;
    private const string DockerManifest = "manifest.json";
    private const string IndexName = "index.json";
    private const string DockerManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerListType = "application/vnd.docker.distribution.manifest.list.v2+json";

    private static ImageJsonContext Json => ImageJsonContext.Documents;

    /// <summary>Whether these are images and not a root file system.</summary>
    public static bool IsOne(ArchiveFiles files)
    {
        using Stream? layout = files.TryOpen(OciLayoutDocument.FileName);
        if (layout is not null) return true;
        using Stream? manifest = files.TryOpen(DockerManifest);
        return manifest is not null && manifest.ReadByte() == '[';
    }

    /// <summary>The images of the archive, for this machine where one is for several.</summary>
    public IReadOnlyList<ArchivedImage> Read()
    {
        List<ArchivedImage> images = [];
        if (files.TryRead(DockerManifest, MaximumDocument) is { } docker)
        {
            foreach (DockerArchiveDocument image in Parse(docker, Json.DockerArchiveDocumentArray, DockerManifest))
                images.Add(ReadDocker(image));
            return images;
        }

        ManifestDocument index = Parse(
            files.TryRead(IndexName, MaximumDocument) ?? throw ArchiveFailure.Invalid($"it has no file '{IndexName}'"),
            Json.ManifestDocument,
            IndexName);
        foreach (ManifestDocument.Descriptor entry in Chosen(index))
        {
            ArchivedImage image = ReadOci(entry, 0);
            int known = images.FindIndex(other => other.Config.AsSpan().SequenceEqual(image.Config));
            if (known < 0) images.Add(image);
            else images[known] = images[known] with { Names = [.. images[known].Names.Union(image.Names)] };
        }

        return images;
    }

    private ArchivedImage ReadDocker(DockerArchiveDocument image)
    {
        byte[] config = files.TryRead(Name(image.Config), MaximumDocument)
            ?? throw ArchiveFailure.Invalid($"it has no file '{image.Config}'");

        // Both forms of the name are the digest: ID.json, and blobs/sha256/ID.
        string id = ArchivePath.Last(image.Config).Split('.')[0];
        if (Store.ObjectId.IsValid(id)) Verify(config, "sha256:" + id);
        return new ArchivedImage
        {
            Config = config,
            Names = image.RepoTags ?? [],
            Layers = [.. (image.Layers ?? []).Select(name => new ArchivedLayer(Name(name), null, null))],
        };
    }

    private ArchivedImage ReadOci(ManifestDocument.Descriptor descriptor, int depth)
    {
        byte[] content = ReadBlob(descriptor);
        ManifestDocument document = Parse(content, Json.ManifestDocument, descriptor.Digest);
        if (document.MediaType is { } type && descriptor.MediaType is { } promised && type != promised)
            throw ArchiveFailure.Invalid($"'{descriptor.Digest}' is of type {type}, not {promised}");
        if (document.Manifests is not null && (document.Layers is not null || document.Config is not null))
            throw ArchiveFailure.Invalid($"'{descriptor.Digest}' is both an index and a manifest");
        if (document.Manifests is not null)
        {
            if (depth == MaximumDepth) throw ArchiveFailure.Invalid("its indexes are nested too deeply");
            ManifestDocument.Descriptor inner = Chosen(document).FirstOrDefault()
                ?? throw ArchiveFailure.Invalid("it has no image for this machine");
            return ReadOci(inner, depth + 1) with { Names = Names(descriptor) };
        }

        if (document.Config is null) throw ArchiveFailure.Invalid($"'{descriptor.Digest}' names no configuration");
        return new ArchivedImage
        {
            Config = ReadBlob(document.Config),
            Manifest = content,
            Names = Names(descriptor),
            Layers =
            [
                .. (document.Layers ?? []).Select(
                    layer => new ArchivedLayer(BlobName(layer.Digest), layer.Digest, layer.Size)),
            ],
        };
    }

    // Of several platforms the one of this machine; what says nothing, or stands alone, is meant.
    private static ManifestDocument.Descriptor[] Chosen(ManifestDocument index)
    {
        ManifestDocument.Descriptor[] all = [.. (index.Manifests ?? []).Where(IsImage)];
        ManifestDocument.Descriptor[] fitting = [.. all.Where(entry => entry.Platform is null
            || (entry.Platform.Os == "linux" && entry.Platform.Architecture == HostImage.CurrentArchitecture))];
        return all.Length == 1 ? all : fitting;
    }

    private static bool IsImage(ManifestDocument.Descriptor entry) =>
        entry.MediaType is null or ManifestDocument.ManifestType or ManifestDocument.IndexType or DockerManifestType
            or DockerListType;

    // A reference name without a colon is a tag of a name that the archive does not say.
    private static IReadOnlyList<string> Names(ManifestDocument.Descriptor descriptor)
    {
        if (descriptor.Annotations?.GetValueOrDefault("io.containerd.image.name") is { } whole) return [whole];
        return descriptor.Annotations?.GetValueOrDefault("org.opencontainers.image.ref.name") is { } name
            && name.Contains(':', StringComparison.Ordinal) ? [name] : [];
    }

    private byte[] ReadBlob(ManifestDocument.Descriptor descriptor)
    {
        byte[] content = files.TryRead(BlobName(descriptor.Digest), MaximumDocument)
            ?? throw ArchiveFailure.Invalid($"it has no blob '{descriptor.Digest}'");
        Verify(content, descriptor.Digest);
        return content;
    }

    public static void Verify(byte[] content, string digest)
    {
        string actual = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        if (actual != digest) throw Mismatch(digest, actual);
    }

    public static EngineException Mismatch(string digest, string actual) => new(
        ErrorId.DigestMismatch,
        $"The archive's content {actual} is not what it is called, {digest}.",
        "Nothing of it was kept. Get the archive again.",
        digest);

    private static string BlobName(string digest) => "blobs/sha256/" + ImageStore.Hash(digest);

    private static string Name(string name) => ArchivePath.Normalize(name);

    private static T Parse<T>(byte[] content, JsonTypeInfo<T> type, string name)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw ArchiveFailure.Invalid($"'{name}' is empty");
        }
        catch (JsonException failure)
        {
            throw ArchiveFailure.Invalid($"'{name}' is malformed: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}
