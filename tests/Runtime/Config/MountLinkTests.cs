using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>Links at both ends of a bind: options of crun.</summary>
public sealed class MountLinkTests : ConfigTest
{
    private string Source => Bundle.Path + "/source";

    [Fact]
    public void CopySymlinkMakesTheLink()
    {
        File.CreateSymbolicLink(Source, "/etc/passwd");
        Mount("/etc/copy", "bind", Source, "bind", "copy-symlink");
        Assert.Equal("/etc/passwd\n0", Output("readlink /etc/copy; grep -c /etc/copy /proc/self/mountinfo; true"));
        Assert.Equal("/etc/passwd", new FileInfo(Rootfs + "/etc/copy").LinkTarget);
        Assert.Equal("/etc/passwd", Output("readlink /etc/copy"));
    }

    [Fact]
    public void CopySymlinkOfAFileIsABind()
    {
        File.WriteAllText(Source, "content");
        Mount("/etc/copy", "bind", Source, "bind", "copy-symlink");
        Assert.Equal("content", Output("cat /etc/copy"));
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    public void ALinkOfTheImageIsNoPlaceForProcAndSys(string name)
    {
        Directory.Delete($"{Rootfs}/{name}");
        File.CreateSymbolicLink($"{Rootfs}/{name}", "/tmp");
        string refusal = Refusal();
        Assert.StartsWith(
            $"open '/{name}' (must be mounted on ordinary directory) in the container: ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void SrcNofollowBindsTheLinkItself()
    {
        File.CreateSymbolicLink(Source, "/etc/nowhere");
        Mount("/etc/copy", "bind", Source, "bind", "src-nofollow");
        Mount("/etc/link", "bind", Source, "bind", "src-nofollow", "dest-nofollow");
        File.CreateSymbolicLink(Rootfs + "/etc/link", "/etc/other");
        Assert.Equal("/etc/nowhere\n/etc/nowhere", Output("readlink /etc/copy; readlink /etc/link"));
    }

    [Fact]
    public void DestNofollowCoversTheLinkItself()
    {
        File.WriteAllText(Source, "content");
        Directory.CreateDirectory(Bundle.Path + "/directory");
        File.CreateSymbolicLink(Rootfs + "/etc/link", "/etc/other");
        Mount("/etc/link", "bind", Source, "bind", "dest-nofollow");
        Mount("/new/directory", "bind", Bundle.Path + "/directory", "bind", "dest-nofollow");
        Mount("/new/file", "bind", Source, "bind", "dest-nofollow");
        Assert.Equal("content", Output("cat /etc/link; [ -d /new/directory ] && [ -f /new/file ]"));
        Assert.False(File.Exists(Rootfs + "/etc/other"));
    }

    [Theory]
    [InlineData("/etc/other")]
    [InlineData("/other")]
    [InlineData("../other")]
    [InlineData("../../../new/other")]
    public void WithoutTheseALinkAtTheTargetIsFollowed(string target)
    {
        File.WriteAllText(Source, "content");
        File.CreateSymbolicLink(Rootfs + "/etc/link", target);
        Mount("/etc/link", "bind", Source, "bind");
        Assert.Equal("content", Output($"cat {Path.GetFullPath(target, "/etc")}"));
    }
}
