using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Settings;
using Container.Engine.State;
using Container.Engine.Store;
using Xunit;

namespace Container.Engine.Tests.Images;

public sealed class ImageServiceTests
{
    [Fact]
    public void The_host_image_is_always_there_and_stays()
    {
        using ImageFixture fixture = new();
        Assert.Equal([HostImage.Record], fixture.Service.List());
        string[] names = ["host", "host:latest", HostImage.Id, HostImage.Id[..8], "sha256:" + HostImage.Id];
        foreach (string name in names)
            Assert.True(fixture.Service.Resolve(name).IsHost);
        Assert.Empty(fixture.Service.GetLayerDirectories(HostImage.Record));
        Assert.Equal(ErrorId.ImageInUse, Assert.Throws<EngineException>(() => fixture.Remove("host", force: true)).Id);
        Assert.Equal(
            ErrorId.InvalidReference,
            Assert.Throws<EngineException>(() => fixture.Import(new TarBuilder().File("a", "a"), "host:mine")).Id);
        Assert.False(Directory.Exists(fixture.Images), "looking made files");
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("nothing:1")]
    [InlineData("../../etc")]
    [InlineData("sha256:../../etc")]
    [InlineData("0123456789")]
    [InlineData("a")]
    [InlineData("")]
    public void What_is_not_there_is_not_found(string name)
    {
        using ImageFixture fixture = new();
        fixture.Import(new TarBuilder().File("a", "a"), "there:1");
        Assert.Null(fixture.Service.TryResolve(name));
        Assert.Equal(ErrorId.ImageNotFound, Assert.Throws<EngineException>(() => fixture.Service.Resolve(name)).Id);
    }

    [Fact]
    public void A_tag_that_is_missing_is_told_with_those_there_are()
    {
        using ImageFixture fixture = new();
        fixture.Import(new TarBuilder().File("a", "a"), "there:1");
        EngineException failure = Assert.Throws<EngineException>(() => fixture.Service.Resolve("there"));
        Assert.Equal("'there:latest' was looked for, and there is there:1: name the tag.", failure.RecommendedAction);
    }

    [Theory]
    [InlineData("busybox", "busybox:latest")]
    [InlineData("busybox:1.36", "busybox:1.36")]
    [InlineData("localhost:5000/a/b_c.d-e:T", "localhost:5000/a/b_c.d-e:T")]
    [InlineData("registry.example.com/team/app", "registry.example.com/team/app:latest")]
    [InlineData("UPPER", null)]
    [InlineData("a b", null)]
    [InlineData("a:", null)]
    [InlineData("a:b:c", null)]
    [InlineData("/a", null)]
    [InlineData("a//b", null)]
    [InlineData("a/../b", null)]
    [InlineData("a@sha256:12", null)]
    [InlineData("a\n", null)]
    public void References_are_read_as_the_specification_writes_them(string text, string? canonical)
    {
        Assert.Equal(canonical is not null, ImageReference.TryParse(text, out ImageReference? reference));
        Assert.Equal(canonical, reference?.Canonical);
        if (canonical is null)
            Assert.Equal(ErrorId.InvalidReference, Assert.Throws<EngineException>(() => ImageReference.Parse(text)).Id);
    }

    [Fact]
    public void An_image_in_use_stays_unless_forced_and_shared_layers_stay_with_the_last()
    {
        List<string> users = ["web"];
        using ImageFixture fixture = new(users: _ => users);
        TarBuilder tar = new TarBuilder().File("a", "a");
        string path = fixture.Write(tar.ToArray());
        ImageRecord one = fixture.Import(path, "one:1", "LABEL n=1");
        ImageRecord two = fixture.Import(path, "two:1", "LABEL n=2");
        Assert.NotEqual(one.Id, two.Id);
        EngineException failure = Assert.Throws<EngineException>(() => fixture.Remove("one:1"));
        Assert.Equal(ErrorId.ImageInUse, failure.Id);
        Assert.Contains("web", failure.Message, StringComparison.Ordinal);
        ImageRemoval removal = fixture.Remove("one:1", force: true);
        Assert.Equal(["one:1"], removal.Untagged);
        Assert.Equal([one.Id], removal.Deleted);
        Assert.True(File.Exists(Path.Combine(fixture.Service.GetLayerDirectories(two)[0], "a")));
        users.Clear();
        Assert.Equal([two.Id, two.LayerDigests[0]], fixture.Remove(two.Id[..10]).Deleted);
        fixture.AssertEmpty();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Images, "blobs", "sha256")));
    }

    [Fact]
    public void A_reference_moves_to_the_newer_image()
    {
        using ImageFixture fixture = new();
        ImageRecord old = fixture.Import(new TarBuilder().File("a", "old"), "app");
        ImageRecord young = fixture.Import(new TarBuilder().File("a", "new"), "app:latest");
        Assert.Equal(young.Id, fixture.Service.Resolve("app").Id);
        Assert.Empty(fixture.Service.Resolve(old.Id).References);
        Assert.Equal(3, fixture.Service.List().Count);
    }

    [Fact]
    public void What_a_killed_import_left_is_removed_by_the_next_and_a_living_one_is_not()
    {
        using ImageFixture fixture = new();
        string temporary = Path.Combine(fixture.Images, "tmp");
        string dead = Path.Combine(temporary, "dead");
        string alive = Path.Combine(temporary, "alive");
        Directory.CreateDirectory(Path.Combine(dead, "tree", "etc"));
        File.WriteAllText(dead + ".lock", "");
        Directory.CreateDirectory(alive);
        using (LockFile.Acquire(alive + ".lock", exclusive: true, TestContext.Current.CancellationToken))
        {
            fixture.Import(new TarBuilder().File("a", "a"));
        }

        Assert.Equal(new[] { alive, alive + ".lock" }, Directory.EnumerateFileSystemEntries(temporary).Order());
    }

    [Fact]
    public void What_a_process_killed_between_two_steps_left_is_removed()
    {
        using ImageFixture fixture = new();
        ImageRecord kept = fixture.Import(new TarBuilder().File("a", "a"), "kept:1");
        string layer = Path.Combine(fixture.Images, "layers", ObjectId.New());
        Directory.CreateDirectory(Path.Combine(layer, "tree", "etc"));
        File.WriteAllText(Path.Combine(layer, "layer.json"), "{}");
        string blob = Path.Combine(fixture.Images, "blobs", "sha256", ObjectId.New());
        File.WriteAllText(blob, "{}");
        string references = Path.Combine(fixture.Images, "references.json");
        File.WriteAllText(references, $$"""{"gone:1":"{{ObjectId.New()}}","kept:1":"{{kept.Id}}"}""");
        Assert.Null(fixture.Service.TryResolve("gone:1"));
        fixture.Import(new TarBuilder().File("a", "b"), "next:1");
        Assert.False(Directory.Exists(layer));
        Assert.False(File.Exists(blob));
        Assert.DoesNotContain("gone", File.ReadAllText(references), StringComparison.Ordinal);
        string tree = fixture.Service.GetLayerDirectories(fixture.Service.Resolve("kept:1"))[0];
        Assert.True(File.Exists(Path.Combine(tree, "a")));
    }

    [Fact]
    public void Cancelling_an_import_leaves_nothing()
    {
        using ImageFixture fixture = new();
        string path = fixture.Write(new TarBuilder().File("a", new byte[40 << 20]).ToArray());
        using CancellationTokenSource stop = new();
        Progress progress = new(stop);
        Assert.ThrowsAny<OperationCanceledException>(
            () => fixture.Service.ImportRootFs(path, "a:1", progress: progress, cancellation: stop.Token));
        Assert.True(progress.Last.Bytes > 0);
        fixture.AssertEmpty();
    }

    [Fact]
    public void Many_imports_at_once_end_with_one_layer()
    {
        using ImageFixture fixture = new();
        string path = fixture.Write(new TarBuilder().File("a", new byte[100_000]).ToArray());
        Parallel.For(0, 8, number => fixture.Import(path, $"image{number}:1", $"LABEL n={number}"));
        Assert.Equal(9, fixture.Service.List().Count);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(fixture.Images, "layers")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Images, "tmp")));
    }

    [Theory]
    [InlineData("NONSENSE x")]
    [InlineData("CMD")]
    [InlineData("CMD [1]")]
    [InlineData("CMD [\"a\"")]
    [InlineData("EXPOSE 99999")]
    [InlineData("LABEL =x")]
    [InlineData("ENV A=\"open")]
    public void A_change_that_is_none_is_refused_before_anything_is_unpacked(string change)
    {
        using ImageFixture fixture = new();
        string path = fixture.Write(new TarBuilder().File("a", "a").ToArray());
        EngineException failure = Assert.Throws<EngineException>(() => fixture.Import(path, "a:1", change));
        Assert.Equal((ErrorId.InvalidConfiguration, (object?)change), (failure.Id, failure.Target));
        Assert.False(Directory.Exists(fixture.Images));
    }

    [Fact]
    public void Files_that_are_no_archives_are_refused_without_waiting()
    {
        using ImageFixture fixture = new();
        using Native.Files.RootDirectory root = Native.Files.RootDirectory.Open(fixture.Root);
        root.MakeNode("fifo", Native.Files.FileKind.Fifo, 0x1B6);
        string[] paths = [Path.Combine(fixture.Root, "fifo"), "/dev/zero", Path.Combine(fixture.Root, "missing")];
        foreach (string path in paths)
            Assert.Equal(ErrorId.SystemCallFailed, Assert.Throws<EngineException>(() => fixture.Import(path)).Id);
        fixture.AssertEmpty();
    }

    [Fact]
    public void A_disk_that_is_full_leaves_what_was_there()
    {
        using Store.StoreFixture disk = new("size=4m");
        EngineOptions options = new() { StateRoot = disk.Directory, RunRoot = disk.Directory };
        ImageService service = new(new EnginePaths(options));
        using ImageFixture fixture = new();
        string small = fixture.Write(new TarBuilder().File("a", "a").ToArray(), "small.tar");
        string large = fixture.Write(new TarBuilder().File("a", new byte[8 << 20]).ToArray(), "large.tar");
        service.ImportRootFs(small, "small:1", cancellation: TestContext.Current.CancellationToken);
        EngineException failure = Assert.Throws<EngineException>(
            () => service.ImportRootFs(large, "large:1", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((ErrorId.SystemCallFailed, Native.Syscalls.Errno.ENOSPC), (failure.Id, failure.Errno));
        Assert.Equal(2, service.List().Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path("images/tmp")));
        service.ImportRootFs(small, "again:1", cancellation: TestContext.Current.CancellationToken);
    }

    private sealed class Progress(CancellationTokenSource stop) : IProgress<ImageProgress>
    {
        public ImageProgress Last { get; private set; }

        public void Report(ImageProgress value)
        {
            Last = value;
            stop.Cancel();
        }
    }
}
