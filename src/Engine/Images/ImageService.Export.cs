using System.Text.Json;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Files;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>
    /// Writes images to one archive or directory, each layer the very bytes it came with, so that ids stay the same.
    /// </summary>
    /// <param name="images">What <see cref="Resolve"/> returned.</param>
    /// <param name="path">The archive, or the directory of an OCI layout.</param>
    /// <param name="format">How it is laid out.</param>
    /// <param name="coding">How layers, or a docker archive as a whole, are compressed.</param>
    /// <param name="progress">Is told how many bytes have been written.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Export(
        IReadOnlyList<ImageRecord> images,
        string path,
        ImageArchiveFormat format = ImageArchiveFormat.OciArchive,
        ArchiveCoding coding = ArchiveCoding.None,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.FirstOrDefault(image => image.IsHost) is not null)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration, "The built-in image 'host' is the host's own root: it is not exported.");
        }

        path = Path.GetFullPath(path);
        if (format == ImageArchiveFormat.OciLayout)
        {
            ExportLayout(images, path, coding, progress, cancellation);
            ReportExport(images);
            return;
        }

        bool docker = format == ImageArchiveFormat.DockerArchive;
        ArchiveFile.Write(path, docker ? coding : ArchiveCoding.None, output =>
        {
            ImageWriter writer = new(store, ImageSink.ToArchive(output), coding, progress, cancellation);
            if (docker) writer.WriteDocker(images);
            else writer.WriteLayout(images);
        }, cancellation: cancellation);
        ReportExport(images);
    }

    /// <summary>The steps an image was made in, the oldest first.</summary>
    public IReadOnlyList<ImageLayerRecord> GetHistory(ImageRecord image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (store.ReadBlob("sha256:" + image.Id) is not { } config) return [];
        ImageDocument document = JsonSerializer.Deserialize(config, Json.ImageDocument) ?? new ImageDocument();
        Queue<string> digests = new(image.LayerDigests);
        List<ImageLayerRecord> steps = [];
        foreach (ImageDocument.HistoryDocument step in document.History ?? [])
        {
            string? digest = step.EmptyLayer == true || digests.Count == 0 ? null : digests.Dequeue();
            steps.Add(Describe(step, digest));
        }

        // A history is optional, and may say less than there is.
        while (digests.TryDequeue(out string? rest)) steps.Add(Describe(new ImageDocument.HistoryDocument(), rest));
        return steps;
    }

    /// <summary>
    /// What is wrong with an image in the store: documents and layers are hashed again. Empty where all is well.
    /// </summary>
    public IReadOnlyList<string> Verify(ImageRecord image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.IsHost) return [];
        List<string> problems = [];
        foreach (string digest in new[] { "sha256:" + image.Id, image.Digest })
        {
            Look(() => ImageArchive.Verify(
                store.ReadBlob(digest) ?? throw new EngineException(
                    ErrorId.ImageNotFound, $"The document {digest} is missing from the store."), digest));
        }

        foreach (string digest in image.StoredLayers)
        {
            cancellation.ThrowIfCancellationRequested();
            Look(() => store.Layers.WriteArchive(digest, Stream.Null, cancellation));
        }

        return problems;

        void Look(Action check)
        {
            try
            {
                check();
            }
            catch (EngineException failure)
            {
                problems.Add(failure.Message);
            }
        }
    }

    private void ExportLayout(
        IReadOnlyList<ImageRecord> images, string path, ArchiveCoding coding, Action<long>? progress,
        CancellationToken cancellation)
    {
        // Only what was a layout is replaced by one.
        if (Directory.Exists(path) && !File.Exists(Path.Join(path, OciLayoutDocument.FileName))
            && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new EngineException(
                ErrorId.PathExists, $"The directory '{path}' is not empty, and no OCI layout.", null, path);
        }

        string draft = path.TrimEnd('/') + "." + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(draft);
        try
        {
            new ImageWriter(store, ImageSink.ToDirectory(draft), coding, progress, cancellation).WriteLayout(images);
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            Directory.Move(draft, path);
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    private void ReportExport(IReadOnlyList<ImageRecord> images)
    {
        foreach (ImageRecord image in images) Report(EventAction.Export, image.Id, FirstName(image));
    }

    private ImageLayerRecord Describe(ImageDocument.HistoryDocument step, string? digest) => new()
    {
        CreatedAt = step.Created,
        CreatedBy = step.CreatedBy,
        Author = step.Author,
        Comment = step.Comment,
        Digest = digest,
        Size = digest is null ? 0 : store.Layers.TryRead(digest)?.ContentSize ?? 0,
    };
}
