using System.IO.Pipes;
using System.Text.Json;
using Container.Engine.Files;
using Container.Engine.Images.Archives;
using Container.Engine.Store;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    internal ArchiveLimits Limits { get; init; } = new();

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
        string? name = reference is null ? null : CheckName(reference);
        ImageConfiguration configuration = ImageChange.Apply(
            new ImageConfiguration { Environment = HostImage.Record.Config.Environment }, changes ?? []);
        path = Path.GetFullPath(path);
        using LayerDraft draft = store.Layers.Begin();
        (string digest, LayerDocument layer) = Directory.Exists(path)
            ? UnpackDirectory(path, draft, progress, cancellation)
            : UnpackArchive(path, draft, progress, cancellation);
        Flush(draft);
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        ImageDocument document = new()
        {
            Created = now,
            Author = author,
            Architecture = HostImage.CurrentArchitecture,
            Os = "linux",
            Config = configuration,
            RootFs = new ImageDocument.RootFsDocument { DiffIds = [digest] },
            History =
            [
                new()
                {
                    Created = now,
                    Author = author,
                    CreatedBy = "import of " + Path.GetFileName(path),
                    Comment = message,
                },
            ],
        };
        using LockFile held = store.Lock(cancellation);
        store.RemoveOrphans();
        store.Layers.Keep(draft, digest, layer);
        return Keep(document, message, name, layer);
    }

    private ImageRecord Keep(ImageDocument document, string? message, string? name, LayerDocument layer)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(document, ImageJsonContext.Documents.ImageDocument);
        string config = store.WriteBlob(content);
        ManifestDocument manifest = new()
        {
            MediaType = ManifestDocument.ManifestType,
            Config = new() { MediaType = ManifestDocument.ConfigType, Digest = config, Size = content.Length },
            Layers =
            [
                new()
                {
                    MediaType = ManifestDocument.LayerType,
                    Digest = document.RootFs.DiffIds[0],
                    Size = layer.ArchiveSize,
                },
            ],
        };
        ImageRecord record = new()
        {
            Id = ImageStore.Hash(config),
            Digest = store.WriteBlob(
                JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJsonContext.Documents.ManifestDocument)),
            CreatedAt = document.Created ?? DateTimeOffset.UnixEpoch,
            Size = layer.ContentSize,
            Architecture = document.Architecture,
            Os = document.Os,
            Author = document.Author,
            Comment = message,
            Config = document.Config ?? new ImageConfiguration(),
            LayerDigests = document.RootFs.DiffIds,
        };
        store.WriteRecord(record);
        if (name is not null)
        {
            SortedDictionary<string, string> references = store.ReadReferences();
            references[name] = record.Id;
            store.WriteReferences(references);
        }

        return store.FindRecord(record.Id) ?? record;
    }

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

    private (string Digest, LayerDocument Layer) UnpackArchive(
        string path, LayerDraft draft, IProgress<ImageProgress>? progress, CancellationToken cancellation)
    {
        using FileStream file = ArchiveFile.OpenRead(path);
        long total = file.Length;
        using Stream plain = ArchiveCompression.Open(file);
        return Unpack(plain, () => file.Position, total, draft, progress, cancellation);
    }

    private (string Digest, LayerDocument Layer) UnpackDirectory(
        string path, LayerDraft draft, IProgress<ImageProgress>? progress, CancellationToken cancellation)
    {
        using RootDirectory directory = RootDirectory.Open(path);
        using AnonymousPipeServerStream output = new(PipeDirection.Out);
        using AnonymousPipeClientStream input = new(PipeDirection.In, output.ClientSafePipeHandle);
        Task writer = Task.Factory.StartNew(
            () =>
            {
                using BufferedStream buffered = new(output, 1 << 16);
                new DirectoryArchive(directory, buffered).Write(cancellation);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            (string Digest, LayerDocument Layer) result = Unpack(
                input, () => long.MaxValue, 0, draft, progress, cancellation);
            writer.GetAwaiter().GetResult();
            return result;
        }
        catch (EngineException failure) when (
            failure.Id == ErrorId.ArchiveInvalid && WriterFailure(input, writer) is { } cause)
        {
            throw cause is SystemCallException call ? EngineException.From(call, path) : cause;
        }
        finally
        {
            input.Dispose();
            ((IAsyncResult)writer).AsyncWaitHandle.WaitOne();
        }
    }

    // A directory that cannot be read ends the archive early: the cause is the writer's, not the archive's.
    private static Exception? WriterFailure(AnonymousPipeClientStream input, Task writer)
    {
        input.Dispose();
        ((IAsyncResult)writer).AsyncWaitHandle.WaitOne();
        return writer.Exception?.InnerException is { } failure and not IOException ? failure : null;
    }

    private (string Digest, LayerDocument Layer) Unpack(
        Stream plain,
        Func<long> compressed,
        long total,
        LayerDraft draft,
        IProgress<ImageProgress>? progress,
        CancellationToken cancellation)
    {
        using ArchiveSource source = new(plain, compressed, Limits, cancellation);
        LayerUnpacker unpacker = new(
            draft.Tree,
            source,
            Limits,
            progress is null ? null : entries => progress.Report(
                new ImageProgress("Unpacking", total == 0 ? source.Position : compressed(), total, entries)));
        unpacker.Run(cancellation);
        LayerDocument layer = new()
        {
            ArchiveSize = source.Position,
            ContentSize = unpacker.ContentSize,
            Entries = unpacker.Entries,
        };
        return (source.GetDigest(), layer);
    }

    // What the rename of the layer promises must be on the disk before it.
    private static void Flush(LayerDraft draft)
    {
        try
        {
            using FileDescriptor tree = draft.Tree.OpenDirectory("/");
            tree.FlushFileSystem(draft.Path);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, draft.Path);
        }
    }
}
