using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class MountTests : ConfigTest
{
    private string Source => Bundle.Path + "/source";

    [Theory]
    [InlineData("ro", "ro")]
    [InlineData("nosuid", "nosuid")]
    [InlineData("nodev", "nodev")]
    [InlineData("noexec", "noexec")]
    [InlineData("noatime", "noatime")]
    [InlineData("nodiratime", "nodiratime")]
    [InlineData("nosymfollow", "nosymfollow")]
    [InlineData("rro", "ro")]
    [InlineData("rnosuid", "nosuid")]
    [InlineData("rnoatime", "noatime")]
    public void AnOptionOfTheMountHoldsForFileSystemsAndBinds(string option, string shown)
    {
        Directory.CreateDirectory(Source);
        Mount("/new", "tmpfs", "tmpfs", option);
        Mount("/bind", "bind", Source, "rbind", option);
        foreach (string line in Output("grep -E ' /(new|bind) ' /proc/self/mountinfo").Split('\n'))
            Assert.Contains(shown, line.Split(' ')[5].Split(','));
    }

    [Theory]
    [InlineData("data", "/data")]
    [InlineData("../../outside", "/outside")]
    public void ARelativeDestinationStartsAtTheRoot(string destination, string place)
    {
        Mount(destination, "tmpfs", "tmpfs", "size=64k");
        Assert.Equal("tmpfs " + place, Output($"grep ' {place} ' /proc/self/mounts | cut -d' ' -f1,2"));
    }

    [Fact]
    public void OptionsOfTheFileSystemReachIt()
    {
        Mount("/new", "tmpfs", "what", "size=64k", "mode=0701", "uid=7", "sync");
        string line = Output("grep ' /new ' /proc/self/mountinfo; busybox stat -c %a:%u /new");
        Assert.Contains("size=64k", line, StringComparison.Ordinal);
        Assert.Contains("sync", line, StringComparison.Ordinal);
        Assert.Contains(" what ", line, StringComparison.Ordinal);
        Assert.EndsWith("\n701:7", line, StringComparison.Ordinal);
    }

    [Fact]
    public void MountinfoHasTheOrderOfTheDocument()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 8), "mountinfo lists mounts by age since Linux 6.8");
        Directory.CreateDirectory(Source + "/below");
        Mount("/one", "tmpfs", "tmpfs");
        Mount("/two", "bind", Source, "bind", "rshared");
        Mount("/three", "tmpfs", "tmpfs");
        Mount("/four", "bind", Source + "/below", "rbind", "ro");
        Assert.Equal(
            "/one /two /three /four",
            Output("grep -oE ' /(one|two|three|four) ' /proc/self/mountinfo").Replace("\n", "", StringComparison.Ordinal)
                .Replace("  ", " ", StringComparison.Ordinal).Trim());
    }

    [Fact]
    public void ABindThroughALinkThatLeadsUpShowsTheHosts()
    {
        Directory.CreateDirectory(Source);
        string name = "psrun-link-" + Id;
        File.WriteAllText("/tmp/" + name, "of the host");
        File.WriteAllText(Rootfs + "/tmp/" + name, "of the image");
        File.CreateSymbolicLink(Source + "/link", string.Concat(Enumerable.Repeat("../", 20)) + "tmp/" + name);
        try
        {
            Mount("/shown", "bind", Source + "/link", "bind");
            Mount("/above", "bind", Source + "/../source", "bind");
            Assert.Equal("of the host", Output("cat /shown"));
        }
        finally
        {
            File.Delete("/tmp/" + name);
        }
    }

    [Fact]
    public void ASharedBindIsThatOfTheHostOnlyWithASharedRoot()
    {
        Directory.CreateDirectory(Source);
        string script = $"mount --make-rprivate / && mount -t tmpfs --make-shared x {Source} && mkdir {Source}/a && "
            + $"{Psrun.Executable} --log /dev/null --root {Psrun.Root} run -b {Bundle.Path} {Id}; grep -c ' {Source}/a ' /proc/self/mountinfo";
        Mount("/bind", "bind", Source, "rbind", "rshared");
        AllCapabilities();
        Save("/bin/sh", "-c", "busybox mount -t tmpfs x /bind/a");
        Assert.Equal("0\n", SecurityBundle.Execute("unshare", ["-m", "sh", "-c", script]).Output);
        Linux["rootfsPropagation"] = "shared";
        Save();
        Assert.Equal("1\n", SecurityBundle.Execute("unshare", ["-m", "sh", "-c", script]).Output);
    }

    [Fact]
    public void RecursiveOptionsReachTheMountsBelow()
    {
        Directory.CreateDirectory(Source + "/below");
        Mount("/outer", "tmpfs", "tmpfs");
        Save();
        string unshared = $"mount --make-rprivate / && mount -t tmpfs x {Source}/below && "
            + $"exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}";
        Mount("/plain", "bind", Source, "rbind", "ro");
        Mount("/all", "bind", Source, "rbind", "rro", "rnosuid");
        Save("/bin/sh", "-c", "grep -E ' /(plain|all)/below ' /proc/self/mountinfo");
        (int code, string output) = SecurityBundle.Execute("unshare", ["-m", "sh", "-c", unshared]);
        Assert.True(code == 0, output);
        string[][] lines = [.. output.TrimEnd().Split('\n').Select(static l => l.Split(' '))];
        Assert.Equal(["rw,relatime", "ro,nosuid,relatime"], lines.Select(static l => l[5]));
    }

    [Fact]
    public void ABindLeavesOutTheMountsBelowUnlessItIsRecursive()
    {
        Directory.CreateDirectory(Source + "/below");
        string unshared = $"mount --make-rprivate / && mount -t tmpfs x {Source}/below && "
            + $"exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}";
        Mount("/one", "bind", Source, "bind");
        Mount("/all", "none", Source, "rbind");
        Save("/bin/sh", "-c", "grep -cE ' /one/below ' /proc/self/mountinfo; grep -cE ' /all/below ' /proc/self/mountinfo");
        Assert.Equal((0, "0\n1\n"), SecurityBundle.Execute("unshare", ["-m", "sh", "-c", unshared]));
    }

    [Theory]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("unbindable", "unbindable")]
    [InlineData("runbindable", "unbindable")]
    public void APropagationIsThatOfTheMount(string word, string shown)
    {
        Directory.CreateDirectory(Source);
        Mount("/new", "tmpfs", "tmpfs", word);
        Mount("/bind", "bind", Source, "rbind", word);
        foreach (string line in Output("grep -E ' /(new|bind) ' /proc/self/mountinfo").Split('\n'))
        {
            string[] fields = line.Split(' ');
            if (shown.Length == 0) Assert.Equal("-", fields[6]);
            else Assert.StartsWith(shown, fields[6], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("slave")]
    [InlineData("rslave")]
    public void ASlaveSeesWhatTheHostMountsLater(string word)
    {
        Directory.CreateDirectory(Source);
        Mount("/bind", "bind", Source, "rbind", word);
        Save("/bin/sh", "-c", "grep ' /bind ' /proc/self/mountinfo");
        string unshared = $"mount --make-rprivate / && mount -t tmpfs x {Source} && mount --make-shared {Source} && "
            + $"exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}";
        (int code, string output) = SecurityBundle.Execute("unshare", ["-m", "sh", "-c", unshared]);
        Assert.Equal(0, code);
        Assert.StartsWith("master:", output.Split(' ')[6], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuchfs", "fsopen '/new' (nosuchfs) in the container: No such device (ENODEV)")]
    [InlineData("tmpfs", "fsconfig '/new' (nosuchoption=1) in the container: Invalid argument (EINVAL)")]
    public void AFileSystemThatCannotBeMountedIsNamed(string type, string message)
    {
        Mount("/new", type, "x", "nosuchoption=1");
        Assert.Equal(message, Refusal());
    }

    [Fact]
    public void ADeviceThatCannotBeMountedIsNamedWithItsFileSystem()
    {
        Assert.SkipUnless(
            File.ReadLines("/proc/filesystems").Any(static l => l.EndsWith("\text4", StringComparison.Ordinal)),
            "the kernel has no ext4");
        Mount("/new", "ext4", "/dev/zero");
        Assert.Equal("mount '/new' (ext4) in the container: Block device required (ENOTBLK)", Refusal());
    }

    [Fact]
    public void ABindOfWhatIsNotThereIsNamed()
    {
        Mount("/new", "bind", Bundle.Path + "/nothing", "bind");
        Assert.Equal($"open_tree '{Bundle.Path}/nothing': No such file or directory (ENOENT)", Refusal());
    }

    [Fact]
    public void TmpcopyupKeepsWhatIsCovered()
    {
        string covered = Rootfs + "/data";
        Directory.CreateDirectory(covered + "/sub/deep");
        File.WriteAllText(covered + "/file", "content");
        File.WriteAllText(covered + "/sub/deep/empty", "");
        File.CreateSymbolicLink(covered + "/link", "file");
        SecurityBundle.Execute("chown", ["5:6", covered + "/file"], 0);
        SecurityBundle.Execute("chmod", ["4504", covered + "/file"], 0);
        SecurityBundle.Execute("chmod", ["1750", covered], 0);
        SecurityBundle.Execute("mkfifo", [covered + "/fifo"], 0);
        Mount("/data", "tmpfs", "tmpfs", "tmpcopyup", "ro");
        string output = Output(
            "cd /data; busybox find . | busybox sort; busybox stat -c '%a %u:%g %n' . file; busybox readlink link; "
            + "cat link; grep -o ' /data ro' /proc/self/mountinfo");
        Assert.Equal(
            ".\n./fifo\n./file\n./link\n./sub\n./sub/deep\n./sub/deep/empty\n1750 0:0 .\n4504 5:6 file\nfile\n"
            + "content /data ro", output);
        Assert.Equal("content", File.ReadAllText(covered + "/file"));
    }

    [Fact]
    public void TmpcopyupGivesFilesTheirIdsInAUserNamespace()
    {
        Directory.CreateDirectory(Rootfs + "/data");
        File.WriteAllText(Rootfs + "/data/mapped", "x");
        File.WriteAllText(Rootfs + "/data/foreign", "x");
        UseUserNamespace(0x20000000);
        SecurityBundle.Execute("chown", [$"{0x20000000 + 9}:{0x20000000 + 9}", Rootfs + "/data/mapped"], 0);
        SecurityBundle.Execute("chown", ["0:0", Rootfs + "/data/foreign"], 0);
        Mount("/data", "tmpfs", "tmpfs", "tmpcopyup");
        Assert.Equal("foreign 65534\nmapped 9", Output("cd /data; busybox stat -c '%n %u' foreign mapped"));
    }

    [Fact]
    public void ATmpfsWithoutAModeHasThatOfTheDirectoryItCovers()
    {
        Directory.CreateDirectory(Rootfs + "/covered");
        SecurityBundle.Execute("chmod", ["2751", Rootfs + "/covered"], 0);
        Mount("/covered", "tmpfs", "tmpfs");
        Mount("/fresh", "tmpfs", "tmpfs");
        Mount("/given", "tmpfs", "tmpfs", "mode=0700");
        Assert.Equal("2751\n1777\n700", Output("busybox stat -c %a /covered /fresh /given"));
    }

    [Fact]
    public void AnOverlayWithLongPathsIsMounted()
    {
        string layers = Bundle.Path + "/" + new string('l', 200);
        foreach (string name in new[] { "a", "b", "upper", "work" }) Directory.CreateDirectory($"{layers}/{name}");
        File.WriteAllText(layers + "/a/file", "from a");
        Mount(
            "/merged", "overlay", "overlay", $"lowerdir={layers}/b:{layers}/a", $"upperdir={layers}/upper",
            $"workdir={layers}/work", "nosuid");
        Assert.Equal("from a", Output("echo -n >/merged/new; cat /merged/file; grep -q ' /merged rw,nosuid' /proc/self/mountinfo"));
        Assert.True(File.Exists(layers + "/upper/new"));
    }
}
