using Container.Native.Files;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>Where paths lead, with openat2 and walked: the same, and never out of the root.</summary>
public sealed class RootDirectoryResolveTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_way_up_and_every_absolute_link_ends_inside(bool walk)
    {
        using RootFixture fixture = new(walk);
        fixture.Root.MakeDirectories("a/b/c");
        fixture.Write("top", "inside");
        fixture.Write("a/b/c/file", "deep");
        fixture.Root.Symlink("/top", "a/absolute");
        fixture.Root.Symlink("../../../../../../../../top", "a/climbing");
        fixture.Root.Symlink("../a/b/../b/./c", "a/winding");
        fixture.Root.Symlink("/a/winding//", "chain");
        fixture.Root.Symlink("..", "a/up");
        fixture.Root.Symlink("/", "root");
        string[] tops =
        [
            "top", "/top", "//top", "./top", "../top", "/../../top", "a/../top", "a/b/c/../../../../../top",
            "a/absolute", "a/climbing", "a/up/top", "a/up/a/up/top", "root/root/a/../root/top", "a/b/../up/top",
        ];
        foreach (string path in tops) Assert.Equal("inside", fixture.Read(path));
        string[] deep = ["chain/file", "a/winding/file", "/chain/../c/file", "root/a/b/c/file", "a//b/./c//file"];
        foreach (string path in deep)
            Assert.Equal("deep", fixture.Read(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_lies_outside_cannot_be_named(bool walk)
    {
        using RootFixture fixture = new(walk);
        fixture.Root.Symlink(fixture.Outside, "absolute");
        fixture.Root.Symlink("../outside", "relative");
        fixture.Root.Symlink(Path.Combine(fixture.Outside, "secret"), "file");
        string[] paths =
        [
            "absolute/secret", "relative/secret", "file", "../outside/secret", "absolute/../outside/secret",
            fixture.Outside + "/secret",
        ];
        foreach (string path in paths)
        {
            Assert.Equal(Errno.ENOENT, RootFixture.Fails(() => fixture.Root.ReadFile(path, 100)));
            Assert.Equal(Errno.ENOENT, RootFixture.Fails(() => fixture.Root.GetTargetMetadata(path)));
        }

        fixture.Root.MakeDirectories("absolute/made");
        fixture.Root.MakeDirectories("relative/made");
        Assert.True(Directory.Exists(fixture.Inside + fixture.Outside + "/made"));
        Assert.True(Directory.Exists(Path.Combine(fixture.Inside, "outside", "made")));
        fixture.AssertOutsideUntouched();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Links_that_lead_nowhere_or_in_circles_are_errors(bool walk)
    {
        using RootFixture fixture = new(walk);
        fixture.Root.Symlink("b", "a");
        fixture.Root.Symlink("a", "b");
        fixture.Root.Symlink("self/x", "self");
        fixture.Root.Symlink("missing", "dangling");
        fixture.Write("file", "f");
        for (int i = 0; i < 41; i++) fixture.Root.Symlink(i == 0 ? "file" : $"l{i - 1}", $"l{i}");
        foreach (string path in new[] { "a", "a/x", "self", "l40" })
            Assert.Equal(Errno.ELOOP, RootFixture.Fails(() => fixture.Root.OpenFile(path)));
        Assert.Equal(Errno.ELOOP, RootFixture.Fails(() => fixture.Root.MakeDirectories("a/x")));
        Assert.Equal("f", fixture.Read("l39"));
        Assert.Equal(Errno.ENOENT, RootFixture.Fails(() => fixture.Root.OpenFile("dangling")));
        foreach (string path in new[] { "file/x", "file/" })
        {
            Assert.Equal(Errno.ENOTDIR, RootFixture.Fails(() => fixture.Root.OpenFile(path)));
            Assert.Equal(Errno.ENOTDIR, RootFixture.Fails(() => fixture.Root.MakeDirectories(path)));
        }

        Assert.Equal(Errno.ENOTDIR, RootFixture.Fails(() => fixture.Root.MakeDirectories("file")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Magic_links_of_procfs_are_refused_and_its_ordinary_ones_followed(bool walk)
    {
        using RootDirectory proc = RootDirectory.Open("/proc", walk);
        foreach (string path in (string[])["self/status", "mounts"])
        {
            proc.OpenFile(path, generated: true).Dispose();
            Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => proc.OpenFile(path)));
        }

        string[] magic = ["self/root/x", "self/cwd/x", "self/exe", "self/fd/0", "self/ns/net", "thread-self/root/"];
        foreach (string path in magic)
            Assert.Equal(Errno.ELOOP, RootFixture.Fails(() => proc.GetTargetMetadata(path)));
        Assert.Equal(FileKind.SymbolicLink, proc.GetMetadata("self/exe").Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Three_hundred_levels_and_names_at_the_limit(bool walk)
    {
        using RootFixture fixture = new(walk);
        string deep = string.Join('/', Enumerable.Repeat("levels", 300));
        fixture.Root.MakeDirectories(deep);
        fixture.Write(deep + "/file", "bottom");
        Assert.Equal("bottom", fixture.Read(deep + "/file"));
        Assert.Equal("bottom", fixture.Read(deep + "/../levels/./file"));
        string longest = new('n', 255);
        fixture.Write(longest, "x");
        Assert.Equal("x", fixture.Read(longest));
        Assert.Equal(Errno.ENAMETOOLONG, RootFixture.Fails(() => fixture.Root.OpenFile(longest + "n")));
        Assert.Equal(Errno.ENAMETOOLONG, RootFixture.Fails(() => fixture.Root.OpenFile(new string('/', 1 << 16))));
        string tooDeep = string.Join('/', Enumerable.Repeat(longest, 20));
        Assert.Equal(Errno.ENAMETOOLONG, RootFixture.Fails(() => fixture.Root.MakeDirectories(tooDeep)));
        Assert.Throws<ArgumentException>(() => fixture.Root.OpenFile("a\0b"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_path_longer_than_the_kernel_takes_is_followed_in_parts(bool walk)
    {
        using RootFixture fixture = new(walk);
        string path = "";
        for (int i = 0; i < 40; i++) fixture.Root.MakeDirectory(path = Path.Join(path, new string('n', 255)), 0x1ED);
        fixture.Write(path + "/file", "bottom");
        Assert.Equal("bottom", fixture.Read(path + "/file"));
        Assert.Equal("file", Assert.Single(fixture.Root.Enumerate(path)).Name);
        fixture.Root.Symlink("/file", path + "/link");
        fixture.Write("file", "top");

        // What is absolute ends in the part before it, and not outside.
        Assert.Equal(Errno.ENOENT, RootFixture.Fails(() => fixture.Root.OpenFile(path + "/link")));
        string missing = path + string.Concat(Enumerable.Repeat("/x", 4096));
        Assert.Equal(Errno.ENOENT, RootFixture.Fails(() => fixture.Root.OpenFile(missing)));
        Assert.Null(fixture.Root.FindMetadata(missing));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Missing_directories_are_made_where_links_lead(bool walk)
    {
        using RootFixture fixture = new(walk);
        fixture.Root.MakeDirectories("var");
        fixture.Root.Symlink("/run", "var/run");
        fixture.Root.MakeDirectories("var/run/secrets/deep", 0x1C0);
        Assert.Equal(0x1C0u, fixture.Root.GetMetadata("run/secrets").Mode);
        fixture.Root.MakeDirectories("run/secrets/../other/../again");
        Assert.Equal(["again", "other", "secrets"], fixture.Root.Enumerate("run").Select(entry => entry.Name).Order());
        fixture.Root.MakeDirectories("/");
        fixture.Root.MakeDirectories("run/");
        fixture.Root.MakeDirectories("../../../above");
        Assert.True(Directory.Exists(Path.Combine(fixture.Inside, "above")));
        Assert.False(Directory.Exists(Path.Combine(fixture.Base, "above")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Flags_of_the_last_component_mean_what_open_says(int walk)
    {
        using RootFixture fixture = new(walk: false);
        fixture.Write("file", "f");
        fixture.Root.MakeDirectory("dir", 0x1ED);
        fixture.Root.Symlink("file", "link");
        fixture.Root.Symlink("dir", "dirlink");
        fixture.Root.Symlink("new", "dangling");
        int root = fixture.Root.Descriptor.Number;
        Assert.Equal(-(int)Errno.ELOOP, Open(root, "link", FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, walk));
        Assert.Equal(-(int)Errno.ENOTDIR, Open(root, "file", FileCalls.O_PATH | FileCalls.O_DIRECTORY, walk));
        int only = FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        Assert.Equal(-(int)Errno.ENOTDIR, Open(root, "dirlink", only, walk));
        Assert.Equal(-(int)Errno.EEXIST, Open(root, "link", FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL, walk));
        Assert.Equal(-(int)Errno.EISDIR, Open(root, "dir", FileCalls.O_WRONLY, walk));
        Assert.Equal(-(int)Errno.ENOENT, Open(root, "", FileCalls.O_RDONLY, walk));
        Assert.Equal(FileKind.SymbolicLink, Kind(Open(root, "link", FileCalls.O_PATH | FileCalls.O_NOFOLLOW, walk)));
        Assert.Equal(FileKind.File, Kind(Open(root, "link", FileCalls.O_PATH, walk)));
        Assert.Equal(FileKind.Directory, Kind(Open(root, "dirlink", FileCalls.O_PATH | FileCalls.O_DIRECTORY, walk)));
        Assert.Equal(FileKind.Directory, Kind(Open(root, ".", FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, walk)));
        Assert.Equal(FileKind.File, Kind(Open(root, "dangling", FileCalls.O_WRONLY | FileCalls.O_CREAT, walk)));
        Assert.Equal(FileKind.File, fixture.Root.GetMetadata("new").Kind);
    }

    private static unsafe int Open(int root, string path, int flags, int walk)
    {
        fixed (byte* start = Utf8.Terminated(path))
        {
            return RootWalk.Open(root, start, (uint)flags, 0x1A4, walk);
        }
    }

    private static FileKind Kind(int fd)
    {
        Assert.True(fd >= 0, $"errno {-fd}");
        using FileDescriptor file = new(fd);
        return file.GetMetadata("test").Kind;
    }
}
