using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Storage;
using Container.Engine.Tests.Images;
using Container.Engine.Volumes;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>Trees that a container made to be in the way: what cannot be had of them is left out, the rest is done.</summary>
public sealed class DeepTreeTests
{
    // One more, and a path of it is longer than the kernel takes; with the names below it is.
    private const int Levels = 2_045;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Everything_that_walks_a_deep_tree_comes_to_its_end()
    {
        using TestEngine test = new();
        test.Import("deep:1", new TarBuilder().Directory("./"));
        ContainerRecord made = test.Make(new() { Image = "deep:1", Command = "x" });
        test.Make(new() { Image = "deep:1", Command = "x" });
        using RootDirectory upper = Upper(test, made);
        string deepest = Deepen(upper, Levels);
        upper.WriteFile(deepest + "/file", "deep"u8);
        upper.WriteFile("z", "after"u8);

        List<string> warnings = [];
        using (EngineWarning.Hear(warnings.Add))
        {
            Assert.Equal(2, test.Engine.Storage.List(StorageType.Container, Cancellation).Count());
            IReadOnlyList<LayerChange> changes = test.Containers.GetChanges(made.Id, Cancellation);
            Assert.Equal(Levels + 2, changes.Count);
            ImageRecord image = test.Containers.Commit(made.Id, cancellation: Cancellation);
            Assert.Empty(test.Engine.Images.Verify(image, Cancellation));
            string archive = Path.Combine(test.Root, "out.tar");
            test.Containers.Export(made.Id, archive, cancellation: Cancellation);
            Assert.Contains("after", File.ReadAllText(archive), StringComparison.Ordinal);
            Assert.Contains("deep", File.ReadAllText(archive), StringComparison.Ordinal);
            string copy = test.Containers.CopyFrom(
                made.Id, "/", Path.Combine(test.Root, "copy"), new() { Recurse = true }, cancellation: Cancellation);
            Assert.Equal("after", File.ReadAllText(Path.Combine(copy, "z")));
            Assert.DoesNotContain(warnings, text => !text.Contains("left out", StringComparison.Ordinal));

            // How deep a copy comes is a matter of the thread's stack; what it leaves out it says.
            using RootDirectory copied = RootDirectory.Open(copy);
            Assert.True(warnings.Count > 0 || copied.FindMetadata(deepest + "/file") is not null);
        }
    }

    [Fact]
    public void What_is_deeper_than_anybody_can_name_is_left_out_with_a_warning()
    {
        using TestEngine test = new();
        VolumeRecord volume = test.Engine.Volumes.Create(new VolumeConfiguration { Name = "deep" }, Cancellation);
        using (RootDirectory data = RootDirectory.Open(volume.Path))
        {
            // Longer than 64 KiB together, in few levels.
            string name = new('n', 250);
            string path = "";
            for (int i = 0; i < 240; i++) data.MakeDirectory(path = Path.Join(path, name), 0x1ED);
            for (int i = 0; i < 30; i++)
            {
                data.MakeDirectory("wrap", 0x1ED);
                data.Rename(name, "wrap/" + name);
                data.Rename("wrap", name);
            }

            data.WriteFile("z", "after"u8);
        }

        List<string> warnings = [];
        string archive = Path.Combine(test.Root, "out.tar");
        using (EngineWarning.Hear(warnings.Add))
        {
            test.Engine.Volumes.Export("deep", archive, ArchiveCoding.None, cancellation: Cancellation);
            Assert.NotEmpty(test.Engine.Storage.List(StorageType.Volume, Cancellation).ToList());
        }

        Assert.Contains("after", File.ReadAllText(archive), StringComparison.Ordinal);
        Assert.NotEmpty(warnings);
        Assert.All(warnings, text => Assert.Contains("left out", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tree_that_is_renamed_all_the_time_is_exported()
    {
        using TestEngine test = new();
        VolumeRecord volume = test.Engine.Volumes.Create(new VolumeConfiguration { Name = "busy" }, Cancellation);
        using RootDirectory data = RootDirectory.Open(volume.Path);
        for (int i = 0; i < 20; i++)
        {
            data.MakeDirectories($"d{i}/a/b");
            data.WriteFile($"d{i}/a/b/f", new byte[10_000]);
        }

        data.WriteFile("z", "after"u8);
        using CancellationTokenSource stop = new();
        Task renames = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                data.Rename($"d{i % 20}", "x");
                data.Rename("x", $"d{i % 20}");
                data.Remove($"d{i % 20}/a/b/f");
                data.Symlink("/", $"d{i % 20}/a/b/f");
                data.Remove($"d{i % 20}/a/b/f");
                data.WriteFile($"d{i % 20}/a/b/f", new byte[(i % 20_000) + 1]);
            }
        }, Cancellation);
        for (int i = 0; i < 6; i++)
        {
            string archive = Path.Combine(test.Root, $"out{i}.tar");
            test.Engine.Volumes.Export("busy", archive, ArchiveCoding.None, cancellation: Cancellation);
            test.Engine.Volumes.Create(new VolumeConfiguration { Name = $"copy{i}" }, Cancellation);
            VolumeRecord copy = test.Engine.Volumes.Import($"copy{i}", archive, cancellation: Cancellation);
            Assert.Equal("after", File.ReadAllText(Path.Combine(copy.Path, "z")));
        }

        await stop.CancelAsync();
        await renames;
    }

    private static RootDirectory Upper(TestEngine test, ContainerRecord container) => RootDirectory.Open(
        Path.Combine(test.Options.StateRoot!, "containers", container.Id, "upper"));

    private static string Deepen(RootDirectory root, int levels)
    {
        string path = "";
        for (int i = 0; i < levels; i++) root.MakeDirectory(path = Path.Join(path, "d"), 0x1ED);
        return path;
    }
}
