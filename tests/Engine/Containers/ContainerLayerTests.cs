using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Tests.Images;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What layers show together, seen from inside a container of the image.</summary>
public sealed class ContainerLayerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Equal_layers_count_once_the_topmost()
    {
        using TestEngine test = TestEngine.WithRuntime();
        TarBuilder empty = new TarBuilder().Directory("./");
        TarBuilder one = new TarBuilder().Directory("./").File("f", "one");
        TarBuilder two = new TarBuilder().Directory("./").File("f", "two");
        test.Import("equal:1", Base(), empty, one, empty, two, empty, one);
        Assert.Equal(["one"], test.Run("equal:1", "cat /f; echo"));
        test.Import("twice:1", Base(), Base());
        Assert.Equal(["here"], test.Run("twice:1", "echo here"));
    }

    [Fact]
    public void A_container_that_was_made_of_equal_layers_starts()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ImageRecord image = test.Import("equal:1", Base(), new TarBuilder().File("f", "x"));
        ContainerRecord made = test.Make(new() { Image = image.Id, Command = "cat", ArgumentList = ["/f"] });
        string document = Directory.GetFiles(test.Root, "container.json", SearchOption.AllDirectories).Single();
        string text = File.ReadAllText(document);
        string layer = test.Engine.Images.GetLayerDirectories(image)[0];
        File.WriteAllText(document, text.Replace($"\"{layer}\"", $"\"{layer}\",\"{layer}\"", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(document));
        test.Containers.Start(made.Id, Cancellation);
        Assert.Equal(0, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.Empty(test.Containers.GetChanges(made.Id, Cancellation));
    }

    [Fact]
    public void Directories_that_a_layer_implies_are_those_of_the_layers_below()
    {
        using TestEngine test = TestEngine.WithRuntime();
        TarBuilder below = new TarBuilder().Directory("./", 0x1C9)
            .Directory("priv/", 0x1C0, uid: 5, gid: 6).Directory("priv/in/", 0x1E8).Directory("tmp/", 0x3FF)
            .Directory("gone/", 0x1C0, uid: 5).Directory("other/", 0x1C0, uid: 5);
        TarBuilder over = new TarBuilder().File("priv/in/f", "f").File("tmp/y", "y").File("other/x/f", "f")
            .File(".wh.gone", "").File("gone/new", "n");
        test.Import("implied:1", Base(), below, over);
        const string script = "stat -c '%n %a %u:%g' / /priv /priv/in /tmp /other /other/x /gone";
        string[] right =
        [
            "/ 711 0:0", "/priv 700 5:6", "/priv/in 750 0:0", "/tmp 1777 0:0", "/other 700 5:0", "/other/x 755 0:0",
            "/gone 755 0:0",
        ];
        Assert.Equal(right, test.Run("implied:1", script));

        // The same layer over another one is something else, and the first image stays what it is.
        TarBuilder open = new TarBuilder().Directory("./").Directory("priv/", 0x1FF).Directory("priv/in/", 0x1FF);
        test.Import("open:1", Base(), open, over);
        Assert.Equal(["/priv 777 0:0", "/priv/in 777 0:0"], test.Run("open:1", "stat -c '%n %a %u:%g' /priv /priv/in"));
        Assert.Equal(right, test.Run("implied:1", script));

        // Nothing is left of either.
        test.Engine.Images.Remove("implied:1", force: true, Cancellation);
        test.Engine.Images.Remove("open:1", force: true, Cancellation);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(test.Options.StateRoot!, "images", "layers")));
    }

    [Fact]
    public void An_export_has_the_layers_of_the_image_and_no_others()
    {
        using TestEngine test = TestEngine.WithRuntime();
        TarBuilder below = new TarBuilder().Directory("./").Directory("priv/", 0x1C0, uid: 5, gid: 6);
        ImageRecord image = test.Import("implied:1", Base(), below, new TarBuilder().File("priv/f", "f"));
        Assert.Empty(test.Engine.Images.Verify(image, Cancellation));
        string archive = Path.Combine(test.Root, "out.tar");
        test.Engine.Images.Export([image], archive, cancellation: Cancellation);
        test.Engine.Images.Remove("implied:1", force: true, Cancellation);
        ImageRecord again = Assert.Single(test.Engine.Images.Import(archive, cancellation: Cancellation));
        Assert.Equal((image.Id, 3), (again.Id, again.LayerDigests.Count));
        Assert.Equal(["700 5:6"], test.Run("implied:1", "stat -c '%a %u:%g' /priv"));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public void Whiteouts_concern_lower_layers_wherever_they_stand(string place)
    {
        TestUser.RequireRoot("device nodes of overlayfs");
        using TestEngine test = TestEngine.WithRuntime();
        TarBuilder below = new TarBuilder().Directory("./").Directory("dir/").Directory("dir/sub/").File("dir/sub/old", "o")
            .File("file", "old").Directory("opaque/").File("opaque/old", "o").Directory("deep/").Directory("deep/a/")
            .File("deep/a/old", "o");
        TarBuilder over = new();
        if (place == "before") over.File(".wh.dir", "").File(".wh.file", "").File("opaque/.wh..wh..opq", "");
        over.Directory("dir/").File("dir/new", "n").File("file", "new").File("opaque/new", "n");

        // In a directory that is gone and that nothing names.
        over.File(".wh.deep", "").File("deep/a/.wh.b", "").File("deep/a/new", "n");
        if (place == "after") over.File(".wh.dir", "").File(".wh.file", "").File("opaque/.wh..wh..opq", "");
        test.Import("whiteouts:1", Base(), below, over);
        Assert.Equal(
            ["/dir:", "new", "/opaque:", "new", "/deep:", "a", "/deep/a:", "new", "new"],
            test.Run("whiteouts:1", "for d in /dir /opaque /deep /deep/a; do echo $d:; ls $d; done; cat /file; echo"));
    }

    [Fact]
    public void The_root_directory_itself_keeps_mode_and_owner()
    {
        using TestEngine test = TestEngine.WithRuntime();
        test.Import("root:1", Base(), new TarBuilder().Directory("./", 0x1C9, uid: 12, gid: 13));
        const string script = "stat -c '%a %u:%g' /";
        Assert.Equal(["711 12:13"], test.Run("root:1", script));

        ContainerRecord made = test.Make(Configuration("root:1", "chmod 0751 /; chown 14:15 /"));
        Assert.Empty(test.Containers.GetChanges(made.Id, Cancellation));
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        Assert.Equal([new LayerChange("/", ChangeKind.Changed)], test.Containers.GetChanges(made.Id, Cancellation));
        foreach (bool squash in (bool[])[false, true])
        {
            test.Containers.Commit(
                made.Id, new CommitOptions { Reference = "committed:1", Squash = squash }, cancellation: Cancellation);
            Assert.Equal(["751 14:15"], test.Run("committed:1", script));
        }
    }

    [Fact]
    public void An_overlay_has_the_mode_and_owner_of_what_is_below()
    {
        TestUser.RequireRoot("chown");
        using TestEngine test = TestEngine.WithRuntime();
        test.Import("base:1", Base());
        string source = Directory.CreateDirectory(Path.Combine(test.Root, "source")).FullName;
        using (RootDirectory root = RootDirectory.Open(test.Root))
        {
            root.SetOwner("source", 5, 6);
            root.SetMode("source", 0x3FF);
        }

        ContainerRecord made = test.Make(Configuration("base:1", "stat -c '%a %u:%g' /over") with
        {
            Mount = [ContainerMount.Parse($"type=overlay,source={source},target=/over")],
        });
        test.Containers.Start(made.Id, Cancellation);
        test.Containers.Wait(made.Id, Cancellation);
        Assert.Equal(["1777 5:6"], test.Containers.ReadLog(made.Id, null, Cancellation).Select(entry => entry.Line));
    }

    /// <summary>The layer that has a shell.</summary>
    internal static TarBuilder Base()
    {
        TarBuilder tar = new TarBuilder().Directory("./").Directory("bin/").Directory("etc/")
            .File("bin/busybox", File.ReadAllBytes("/bin/busybox"), 0x1ED);
        foreach (string applet in (string[])["sh", "cat", "ls", "stat", "chmod", "chown", "echo"])
            tar.Symlink("bin/" + applet, "busybox");
        return tar;
    }

    internal static ContainerConfiguration Configuration(string image, string script) =>
        new() { Image = image, Command = "sh", ArgumentList = ["-c", script] };
}
