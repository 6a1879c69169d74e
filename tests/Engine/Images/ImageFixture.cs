using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Images.Archives;
using Container.Engine.Settings;
using Container.Engine.State;
using Container.Engine.Tests.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Images;

/// <summary>An image store of its own under /tmp, and beside it a place that nothing may touch.</summary>
internal sealed class ImageFixture : IDisposable
{
    public ImageFixture(ArchiveLimits? limits = null, Func<string, IReadOnlyList<string>>? users = null)
    {
        TestUser.RequireIds();
        Directory.CreateDirectory(Outside);
        EngineOptions options = new() { StateRoot = Path.Combine(Root, "state"), RunRoot = Path.Combine(Root, "run") };
        Service = new ImageService(new EnginePaths(options), users)
        {
            Limits = limits ?? new ArchiveLimits(),
        };
    }

    public string Root { get; } = Path.Combine("/tmp", "pscontainer-images-" + Guid.NewGuid().ToString("N"));

    public string Outside => Path.Combine(Root, "outside");

    public string Images => Path.Combine(Root, "state", "images");

    public ImageService Service { get; }

    public string Write(byte[] content, string name = "rootfs.tar")
    {
        string path = Path.Combine(Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public ImageRecord Import(TarBuilder tar, string? reference = null, params string[] changes) =>
        Import(Write(tar.ToArray()), reference, changes);

    public ImageRecord Import(string path, string? reference = null, params string[] changes) => Service.ImportRootFs(
        path, reference, "me", "a test", changes, cancellation: TestContext.Current.CancellationToken);

    public ImageRemoval Remove(string reference, bool force = false) =>
        Service.Remove(reference, force, TestContext.Current.CancellationToken);

    public string ImportTree(TarBuilder tar) => Service.GetLayerDirectories(Import(tar)).Single();

    /// <summary>Imports what must be refused, and asserts that nothing of it is left.</summary>
    public EngineException Refuse(byte[] archive)
    {
        EngineException failure = Assert.Throws<EngineException>(() => Import(Write(archive), "bad:1"));
        AssertEmpty();
        return failure;
    }

    public void AssertEmpty()
    {
        Assert.Equal([HostImage.Record], Service.List());
        foreach (string directory in (string[])[Path.Combine(Images, "layers"), Path.Combine(Images, "tmp"), Outside])
            Assert.False(Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any(), directory);
    }

    public void Dispose()
    {
        TestUser.Remove(Root);
    }
}
