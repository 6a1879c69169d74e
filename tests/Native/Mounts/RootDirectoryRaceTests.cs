using Container.Native.Files;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>Somebody exchanges directories and links while paths are resolved: no step may leave the root.</summary>
public sealed class RootDirectoryRaceTests
{
    private const int Rounds = 1000;

    // Renames as fast as the processor, whatever the disk is doing.
    private const string Memory = "/dev/shm";

    [Fact]
    public void Two_who_remove_one_tree_do_not_disturb_each_other()
    {
        const int Trees = 200;

        using RootFixture fixture = new(false, Memory);
        for (int i = 0; i < Trees; i++)
        {
            for (int j = 0; j < 10; j++) fixture.Root.MakeDirectories($"tree/a{j}/b/c");
            Parallel.Invoke(Remove, Remove, Remove);
            Assert.Empty(fixture.Root.Enumerate("/"));
        }

        void Remove()
        {
            try
            {
                fixture.Root.Remove("tree");
            }
            catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT && failure.Operation != "readdir")
            {
                // Another was first.
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_exchanged_with_a_link_to_the_outside(bool walk)
    {
        using RootFixture fixture = new(walk, Memory);
        fixture.Root.MakeDirectory("swap", 0x1ED);
        fixture.Write("swap/secret", "inside");
        fixture.Root.Symlink(fixture.Outside, "absolute");
        fixture.Root.Symlink("../outside", "climbing");
        using Exchanger first = new(Path.Combine(fixture.Inside, "swap"), Path.Combine(fixture.Inside, "absolute"));
        using Exchanger second = new(Path.Combine(fixture.Inside, "swap"), Path.Combine(fixture.Inside, "climbing"));
        for (int i = 0; i < Rounds; i++)
        {
            Attempt(() => Assert.Equal("inside", fixture.Read("swap/secret")));
            Attempt(() => fixture.Root.MakeDirectories($"swap/made{i % 10}/deeper"));
            Attempt(() => fixture.Root.CreateFile($"swap/file{i}", 0x1A4).Dispose());
            Attempt(() => fixture.Root.WriteFile("swap/written", "x"u8));
            Attempt(() => fixture.Root.Symlink("x", $"swap/link{i}"));
            Attempt(() => fixture.Root.SetMode("swap", 0x1C0));
            Attempt(() => fixture.Root.Remove($"swap/made{i % 10}"));
        }

        Assert.True(first.Count + second.Count > 100, "nothing was exchanged");
        fixture.AssertOutsideUntouched();
        using RootDirectory outside = RootDirectory.Open(fixture.Outside);
        Assert.NotEqual(0x1C0u, outside.GetMetadata("/").Mode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_moved_out_while_dot_dot_is_followed(bool walk)
    {
        using RootFixture fixture = new(walk, Memory);
        fixture.Root.MakeDirectories("a/b/c");
        fixture.Write("secret", "inside");
        string away = Path.Combine(fixture.Base, "away");
        Directory.CreateDirectory(Path.Combine(away, "b", "c"));
        File.WriteAllText(Path.Combine(fixture.Base, "secret"), "outside");
        using Exchanger exchanger = new(Path.Combine(fixture.Inside, "a", "b"), Path.Combine(away, "b"));
        for (int i = 0; i < Rounds; i++)
        {
            Attempt(() => Assert.Equal("inside", fixture.Read("a/b/c/../../../secret")));
            Attempt(() => Assert.Equal("inside", fixture.Read("a/b/../../../secret")));
            Attempt(() => fixture.Root.MakeDirectories("a/b/c/../../../../made/deep"));
        }

        Assert.True(exchanger.Count > 100, "nothing was exchanged");
        Assert.False(Directory.Exists(Path.Combine(fixture.Base, "made")));
        Assert.False(Directory.Exists(Path.Combine(away, "made")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_removal_never_follows_what_was_exchanged(bool walk)
    {
        using RootFixture fixture = new(walk, Memory);
        fixture.Root.MakeDirectories("tree/x");
        fixture.Root.Symlink(fixture.Outside, "tree/link");
        string tree = Path.Combine(fixture.Inside, "tree");
        using Exchanger exchanger = new(Path.Combine(tree, "x"), Path.Combine(tree, "link"));
        for (int i = 0; i < Rounds; i++)
        {
            Attempt(() => fixture.Root.MakeDirectories("tree/x/y"));
            Attempt(() => fixture.Root.WriteFile("tree/x/f", "x"u8));
            Attempt(() => fixture.Root.Clear("tree/x"));
        }

        Assert.True(exchanger.Count > 100, "nothing was exchanged");
        fixture.AssertOutsideUntouched();
    }

    // An error is an answer too; only a step outside is none.
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (SystemCallException)
        {
        }
    }
}
