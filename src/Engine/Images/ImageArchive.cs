using System.Security.Cryptography;
using Container.Engine.Errors;
using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>
/// Images in an OCI layout, in a tar archive of one, in a directory of skopeo's, or in the archive of <c>docker
/// save</c>. Everything that has a digest is verified before it is used; nothing of the archive names a file of the
/// host. What the same document says once more costs nothing.
/// </summary>
internal sealed class ImageArchive(ArchiveFiles files, CancellationToken cancellation)
{
    /// <summary>Bytes of one document.</summary>
    public const int MaximumDocument = 8 << 20;

    private const string ManifestName = "manifest.json";
    private const string IndexName = "index.json";

    // containers-transports(5), dir:
    private const string VersionName = "version";
    private const int VersionLength = 64;

    private static ImageJsonContext Json => ImageJsonContext.Documents;

    /// <summary>Whether these are images and not a root file system.</summary>
    public static bool IsOne(ArchiveFiles files)
    {
        using Stream? layout = files.TryOpen(OciLayoutDocument.FileName);
        return layout is not null || IsDocker(files) || IsTransport(files);
    }

    /// <summary>The images of the archive, for this machine where one is for several.</summary>
    public IReadOnlyList<ArchivedImage> Read()
    {
        if (IsDocker(files)) return ReadDocker();
        if (IsTransport(files))
            return ImageChoice.Of([new ImageLayout(files, ImageLayout.Transport, cancellation).ReadManifest(ManifestName)]);
        byte[] index = files.TryRead(IndexName, MaximumDocument)
            ?? throw ArchiveFailure.Invalid($"it has no file '{IndexName}'");
        return ImageChoice.Of(
            new ImageLayout(files, ImageLayout.Blobs, cancellation).ReadIndex(
                ImageJson.Parse(index, Json.ManifestDocument, IndexName)));
    }

    /// <summary>Throws unless the content is what its digest says.</summary>
    public static void Verify(byte[] content, string digest)
    {
        string actual = Digest(content);
        if (actual != digest) throw Mismatch(digest, actual);
    }

    /// <summary>The digest of a document.</summary>
    public static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    public static EngineException Mismatch(string digest, string actual) => new(
        ErrorId.DigestMismatch,
        $"The archive's content {actual} is not what it is called, {digest}.",
        "Nothing of it was kept. Get the archive again.",
        digest);

    private static bool IsDocker(ArchiveFiles files)
    {
        using Stream? manifest = files.TryOpen(ManifestName);
        return manifest is not null && manifest.ReadByte() == '[';
    }

    private static bool IsTransport(ArchiveFiles files)
    {
        using Stream? version = files.TryOpen(VersionName);
        if (version is null || version.Length > VersionLength) return false;
        return files.TryRead(VersionName, VersionLength).AsSpan().StartsWith("Directory Transport Version:"u8);
    }

    private List<ArchivedImage> ReadDocker()
    {
        byte[] manifest = files.TryRead(ManifestName, MaximumDocument)
            ?? throw ArchiveFailure.Invalid($"it has no file '{ManifestName}'");
        Dictionary<string, ArchivedImage> images = new(StringComparer.Ordinal);
        foreach (DockerArchiveDocument image in
            ImageJson.Parse(manifest, Json.DockerArchiveDocumentArray, ManifestName))
        {
            cancellation.ThrowIfCancellationRequested();
            string name = ArchivePath.Normalize(image.Config);
            IReadOnlyList<string> tags = image.RepoTags ?? [];
            images[name] = images.TryGetValue(name, out ArchivedImage? known)
                ? known with { Names = [.. known.Names.Union(tags)] }
                : ReadDocker(name, image) with { Names = tags };
        }

        return [.. images.Values];
    }

    private ArchivedImage ReadDocker(string name, DockerArchiveDocument image)
    {
        byte[] config = files.TryRead(name, MaximumDocument) ?? throw ArchiveFailure.Invalid($"it has no file '{name}'");

        // Both forms of the name are the digest: ID.json, and blobs/sha256/ID.
        string id = ArchivePath.Last(name).Split('.')[0];
        if (Store.ObjectId.IsValid(id)) Verify(config, "sha256:" + id);
        return new ArchivedImage
        {
            Config = config,
            Document = ImageJson.Parse(config, Json.ImageDocument, name),
            Layers =
            [
                .. (image.Layers ?? []).Select(layer => new ArchivedLayer(ArchivePath.Normalize(layer), null, null)),
            ],
        };
    }
}
