using System.Diagnostics;
using Container.Native.Files;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>What RootDirectory makes, changes and removes.</summary>
public sealed class RootDirectoryChangeTests
{
    [Fact]
    public void Only_regular_files_are_read_and_written_and_nothing_waits()
    {
        using RootFixture fixture = new(walk: false);
        fixture.Root.MakeNode("fifo", FileKind.Fifo, 0x1B6);
        fixture.Root.Symlink("fifo", "etc-passwd");
        fixture.Root.MakeDirectory("dir", 0x1ED);
        fixture.Root.Symlink("/target", "link");
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.ReadFile("fifo", 100)));
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.ReadFile("etc-passwd", 100)));
        Assert.Equal(Errno.EISDIR, RootFixture.Fails(() => fixture.Root.ReadFile("dir", 100)));
        Assert.Equal(Errno.ENXIO, RootFixture.Fails(() => fixture.Root.WriteFile("fifo", "x"u8)));
        Assert.Equal(Errno.ELOOP, RootFixture.Fails(() => fixture.Root.WriteFile("link", "x"u8)));
        Assert.Equal(Errno.EEXIST, RootFixture.Fails(() => fixture.Root.CreateFile("link", 0x1A4)));
        using RootDirectory devices = RootDirectory.Open("/dev");
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => devices.ReadFile("zero", 100)));
        fixture.Write("large", new string('x', 200));
        Assert.Equal(Errno.EFBIG, RootFixture.Fails(() => fixture.Root.ReadFile("large", 199)));
        Assert.Equal(200, fixture.Root.ReadFile("large", 200).Length);
        fixture.Write("large", "short");
        Assert.Equal("short", fixture.Read("large"));
    }

    [Fact]
    public void A_device_is_not_even_opened()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making devices needs root");
        using RootFixture fixture = new(walk: false);

        // Of the numbers for local use, without a driver: to open it is ENXIO.
        fixture.Root.MakeNode("device", FileKind.CharacterDevice, 0x180, 240, 77);
        fixture.Root.Symlink("device", "etc-passwd");
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.ReadFile("device", 100)));
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.ReadFile("etc-passwd", 100)));
    }

    [Fact]
    public void Links_attributes_and_names()
    {
        using RootFixture fixture = new(walk: false);
        fixture.Write("a", "1");
        fixture.Root.HardLink("a", "b");
        fixture.Root.Symlink("a", "l");
        fixture.Root.HardLink("l", "m");
        Assert.Equal("a", fixture.Root.ReadLink("m"));
        Assert.Equal(2u, fixture.Root.GetMetadata("a").LinkCount);
        fixture.Root.SetMode("a", 0x180);
        Assert.Equal(Errno.EOPNOTSUPP, RootFixture.Fails(() => fixture.Root.SetMode("l", 0x1FF)));
        Assert.Equal(0x180u, fixture.Root.GetMetadata("b").Mode);
        fixture.Root.SetTimes("l", new FileTime(5, 6));
        Assert.Equal(new FileTime(5, 6), fixture.Root.GetMetadata("l").ModifiedAt);
        Assert.NotEqual(5, fixture.Root.GetMetadata("a").ModifiedAt.Seconds);
        fixture.Root.SetXattr("a", "user.x", [0, 255]);
        Assert.Equal([0, 255], fixture.Root.GetXattrs("a").Single(pair => pair.Key == "user.x").Value);
        fixture.Root.Rename("a", "c");
        Assert.Equal(Errno.EEXIST, RootFixture.Fails(() => fixture.Root.Rename("b", "l", replace: false)));
        Assert.Null(fixture.Root.FindMetadata("a"));
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.Remove("c/..")));
        Assert.Equal(Errno.EINVAL, RootFixture.Fails(() => fixture.Root.Remove("/")));
        fixture.Write("\uDCFFname\uDC80", "bytes");
        Assert.Contains(new RootEntry("\uDCFFname\uDC80", FileKind.File), fixture.Root.Enumerate("/"));
        fixture.Root.Remove("\uDCFFname\uDC80");
        Assert.Equal(4, fixture.Root.Enumerate("/").Count);
    }

    [Fact]
    public void A_tree_is_removed_whatever_its_depth_and_nothing_beside_it()
    {
        using RootFixture fixture = new(walk: false);
        fixture.Root.MakeDirectory("keep", 0x1ED);
        fixture.Write("keep/file", "k");
        string level = string.Join('/', Enumerable.Repeat("d", 500));
        fixture.Root.MakeDirectories("tree/" + level);
        using (RootDirectory bottom = fixture.Root.OpenRoot("tree/" + level))
        {
            bottom.MakeDirectories(level);
            using RootDirectory further = bottom.OpenRoot(level);
            further.WriteFile("file", "x"u8);
            further.Symlink(fixture.Outside, "link");
        }

        for (int i = 0; i < 2000; i++) fixture.Root.MakeDirectory($"tree/many{i}", 0);
        fixture.Root.MakeDirectory("tree/closed", 0x1ED);
        fixture.Write("tree/closed/file", "x");
        fixture.Root.SetMode("tree/closed", 0x16D);
        fixture.Root.Symlink("../keep", "tree/keep");
        fixture.Root.Remove("tree");
        fixture.Root.Remove("tree");
        Assert.Equal("keep", Assert.Single(fixture.Root.Enumerate("/")).Name);
        Assert.Equal("k", fixture.Read("keep/file"));
        fixture.AssertOutsideUntouched();
    }

    [Fact]
    public void What_is_mounted_in_a_tree_is_not_removed()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Skip("mounting needs root");
        using RootFixture fixture = new(walk: false);
        fixture.Root.MakeDirectories("tree/mounted");
        string target = Path.Combine(fixture.Inside, "tree", "mounted");
        Assert.SkipUnless(Run("mount", "--bind", fixture.Outside, target) == 0, "mounts are not allowed here");
        try
        {
            Assert.Equal(Errno.EBUSY, RootFixture.Fails(() => fixture.Root.Remove("tree")));
        }
        finally
        {
            Run("umount", target);
        }

        fixture.AssertOutsideUntouched();
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
