using System.Text.Json;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Files;
using Container.Engine.Images.Archives;
using Container.Engine.Store;
using Container.Native.Files;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    internal ArchiveLimits Limits { get; init; } = new();

    private static ImageJsonContext Json => ImageJsonContext.Documents;

    /// <summary>
    /// Makes an image of one layer from a root file system: a tar archive (plain, gzip or zstd, whatever its name) or a
    /// directory. What fails leaves nothing behind.
    /// </summary>
    /// <param name="path">The archive or directory.</param>
    /// <param name="reference">The image's name; one that is taken moves to the new image.</param>
    /// <param name="author">Who made it.</param>
    /// <param name="message">What it is.</param>
    /// <param name="changes">Changes of its configuration, in the words of a Dockerfile.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public ImageRecord ImportRootFs(
        string path,
        string? reference = null,
        string? author = null,
        string? message = null,
        IEnumerable<string>? changes = null,
        IProgress<ImageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] names = reference is null ? [] : [CheckName(reference)];
        ImageConfiguration configuration = ImageChange.Apply(
            new ImageConfiguration { Environment = HostImage.Record.Config.Environment }, changes ?? []);
        path = Path.GetFullPath(path);
        using LayerIntake intake = new(store.Layers, Limits, progress, cancellation);
        string digest = Directory.Exists(path)
            ? intake.TakeWritten(path, output => WriteDirectory(path, output, cancellation))
            : intake.TakeArchive(() => ArchiveFile.OpenRead(path));
        ImageDocument document = new()
        {
            Created = DateTimeOffset.UtcNow,
            Author = author,
            Architecture = HostImage.CurrentArchitecture,
            Os = "linux",
            Config = configuration,
            RootFs = new ImageDocument.RootFsDocument { DiffIds = [digest] },
            History = [Step("import of " + Path.GetFileName(path), author, message)],
        };
        using LockFile held = store.Lock(cancellation);
        store.RemoveOrphans();
        intake.Keep();
        return Keep(document, names, cancellation);
    }

    private static void WriteDirectory(string path, Stream output, CancellationToken cancellation)
    {
        using RootDirectory directory = RootDirectory.Open(path);
        new DirectoryArchive(directory, output, new SpecialFiles(kept: true)).Write(cancellation);
    }

    private ImageRecord Keep(
        ImageDocument document, IReadOnlyList<string> names, CancellationToken cancellation) => Keep(
        JsonSerializer.SerializeToUtf8Bytes(document, Json.ImageDocument), document, null, names, cancellation);

    /// <summary>Writes the documents of an image whose layers are in the store; the caller holds its lock.</summary>
    /// <param name="config">The configuration, byte for byte: its digest is the image's id.</param>
    /// <param name="document">The same, read.</param>
    /// <param name="manifest">The manifest it came with, or null to make one.</param>
    /// <param name="names">Its names; those that are taken move to it.</param>
    /// <param name="cancellation">Ends it.</param>
    private ImageRecord Keep(
        byte[] config,
        ImageDocument document,
        byte[]? manifest,
        IReadOnlyList<string> names,
        CancellationToken cancellation)
    {
        LayerDocument[] layers =
        [
            .. document.RootFs.DiffIds.Select(digest => store.Layers.TryRead(digest) ?? throw LayerGone(digest)),
        ];
        string digest = store.WriteBlob(config);
        manifest ??= JsonSerializer.SerializeToUtf8Bytes(
            ManifestDocument.OfPlainLayers(digest, config.Length, document.RootFs.DiffIds, layers),
            Json.ManifestDocument);
        ImageRecord record = new()
        {
            Id = ImageStore.Hash(digest),
            Digest = store.WriteBlob(manifest),
            CreatedAt = document.Created ?? DateTimeOffset.UnixEpoch,
            Size = layers.Sum(layer => layer.ContentSize),
            Architecture = document.Architecture,
            Os = document.Os,
            Author = document.Author,
            Comment = document.History is [.., { } last] ? last.Comment : null,
            Config = document.Config ?? new ImageConfiguration(),
            LayerDigests = document.RootFs.DiffIds,
            DirectoryLayer = KeepDirectories(document.RootFs.DiffIds, cancellation),
        };
        store.WriteRecord(record);
        if (names.Count > 0)
        {
            SortedDictionary<string, string> references = store.ReadReferences();
            List<(string Name, string Owner)> moved = Assign(references, names, record.Id);
            store.WriteReferences(references);
            foreach ((string name, string owner) in moved) Report(EventAction.Untag, owner, name);
        }

        Report(EventAction.Import, record.Id, names.Count > 0 ? names[0] : null);
        foreach (string name in names.Skip(1)) Report(EventAction.Tag, record.Id, name);
        return store.FindRecord(record.Id) ?? record;
    }

    private string? KeepDirectories(IReadOnlyList<string> digests, CancellationToken cancellation)
    {
        using DirectoryLayer directories = new(store.Layers, digests, cancellation);
        if (!directories.TryFind(out Action<Stream>? write)) return null;
        using LayerIntake intake = new(store.Layers, Limits, null, cancellation);
        string digest = intake.TakeWritten(store.Layers.Temporary, write);
        intake.Keep();
        return digest;
    }

    private static ImageDocument.HistoryDocument Step(string createdBy, string? author, string? message) => new()
    {
        Created = DateTimeOffset.UtcNow,
        Author = author,
        CreatedBy = createdBy,
        Comment = message,
    };

    private static string CheckName(string reference)
    {
        ImageReference parsed = ImageReference.Parse(reference);
        if (parsed.Name == HostImage.Name || parsed.Digest is not null)
        {
            throw new EngineException(
                ErrorId.InvalidReference,
                $"'{reference}' cannot be given to an image.",
                "'host' is the built-in image, and a digest cannot be chosen. Use another name:tag.",
                reference);
        }

        return parsed.Canonical;
    }

    private static EngineException LayerGone(string digest) => new(
        ErrorId.ImageNotFound, $"Layer {digest} was removed from the store meanwhile.", "Do it again.", digest);
}
