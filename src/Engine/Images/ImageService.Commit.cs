using System.Text.Json;
using Container.Engine.Store;

namespace Container.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Makes an image of another and one layer more, or of that layer alone.</summary>
    /// <param name="parent">The image below, or null.</param>
    /// <param name="configuration">How to run it.</param>
    /// <param name="writeLayer">Writes the layer's tar; null where there is nothing new in it.</param>
    /// <param name="commit">Name, author and message.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    internal ImageRecord Commit(
        ImageRecord? parent,
        ImageConfiguration configuration,
        Action<Stream>? writeLayer,
        CommitOptions commit,
        IProgress<ImageProgress>? progress,
        CancellationToken cancellation)
    {
        string[] names = commit.Reference is null ? [] : [CheckName(commit.Reference)];
        ImageDocument document = parent is null ? new ImageDocument
        {
            Architecture = HostImage.CurrentArchitecture,
            Os = "linux",
        }
        : ReadConfig(store.ReadBlob("sha256:" + parent.Id) ?? throw LayerGone("sha256:" + parent.Id));
        using LayerIntake intake = new(store.Layers, Limits, progress, cancellation);
        List<string> digests = [.. document.RootFs.DiffIds];
        if (writeLayer is not null) digests.Add(intake.TakeWritten("the container's changes", writeLayer));
        document = document with
        {
            Created = DateTimeOffset.UtcNow,
            Author = commit.Author,
            Config = ImageChange.Apply(configuration, commit.Changes ?? []),
            RootFs = new ImageDocument.RootFsDocument { DiffIds = digests },
            History =
            [
                .. document.History ?? [],
                Step(commit.CreatedBy ?? "commit", commit.Author, commit.Message) with
                {
                    EmptyLayer = writeLayer is null ? true : null,
                },
            ],
        };
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(document, Json.ImageDocument);
        using LockFile held = store.Lock(cancellation);
        store.RemoveOrphans();
        intake.Keep();
        return Keep(content, document, null, names, cancellation);
    }
}
