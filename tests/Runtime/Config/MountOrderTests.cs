using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>Mounts are made in the document's order, and a source may lie in an earlier one, whatever it is.</summary>
public sealed class MountOrderTests : ConfigTest
{
    private const uint HostId = 0x20000000;

    public MountOrderTests()
    {
        Directory.CreateDirectory(Source + "/x");
        File.WriteAllText(Source + "/x/file", "mounted");
        Directory.CreateDirectory(Rootfs + "/mm");
    }

    public static TheoryData<string> Variants => ["plain", "relative", "link", "shared", "no mount namespace", "user namespace"];

    private string Source => Bundle.Path + "/source";

    [Theory]
    [MemberData(nameof(Variants))]
    public void ASourceInAnEarlierBindIsWhatIsMountedThere(string variant)
    {
        // What lies below the mount must not be taken for it.
        Directory.CreateDirectory(Rootfs + "/mm/x");
        File.WriteAllText(Rootfs + "/mm/x/file", "below");
        Assert.Equal("mounted", ShowSource(variant, "/mm/x"));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ASourceThatOnlyAnEarlierMountHasIsFound(string variant) =>
        Assert.Equal("mounted", ShowSource(variant, "/mm/x"));

    [Fact]
    public void ASourceMayBeAFileOfAnEarlierMountOrAnEarlierMountItself()
    {
        Mount("/mm", "bind", Source, "bind");
        Mount("/file", "bind", Rootfs + "/mm/x/file", "bind");
        Mount("/whole", "bind", Rootfs + "/mm", "bind");
        Assert.Equal("mountedmounted", Output("cat /file /whole/x/file"));
    }

    [Fact]
    public void ATmpfsAndAnOverlayAreSourcesAndHaveThem()
    {
        Directory.CreateDirectory(Bundle.Path + "/upper");
        Directory.CreateDirectory(Bundle.Path + "/work");
        Mount("/mm", "bind", Source, "bind");
        Mount("/memory", "tmpfs", "tmpfs");
        Mount("/again", "bind", Rootfs + "/memory", "bind");
        Mount(
            "/merged", "overlay", "overlay", $"lowerdir={Rootfs}/mm/x", $"upperdir={Bundle.Path}/upper",
            $"workdir={Bundle.Path}/work");
        Mount("/final", "bind", Rootfs + "/merged/file", "bind");
        Assert.Equal("mounted\nnew", Output("cat /final; echo; echo -n new >/memory/y; cat /again/y"));
    }

    [Fact]
    public void IdsCannotBeMappedOfWhatIsMountedLater()
    {
        Mount("/mm", "bind", Source, "bind");
        var mount = Entry("/final", "bind", Rootfs + "/mm/x", "bind");
        mount["uidMappings"] = IdMap(0, 7, 1);
        mount["gidMappings"] = IdMap(0, 7, 1);
        UseUserNamespace(HostId);
        Mounts.Add((System.Text.Json.Nodes.JsonNode)mount);
        Assert.EndsWith("it lies in the earlier mount on '/mm'", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheHostsRootIsTheHosts(bool user)
    {
        Mount("/run/host", "bind", "/", "rbind", "rslave", "ro");
        string script = $"cat /run/host{Source}/x/file; ls -d /run/host/{Path.GetFileName(Rootfs)} 2>/dev/null; "
            + "grep -c ' /run/host/proc ' /proc/self/mountinfo";
        if (!user)
        {
            Assert.Equal("mounted1", Output(script));
            return;
        }

        RemoveMounts("/sys/fs/cgroup");
        using System.Diagnostics.Process run = StartUnprivileged("/bin/sh", "-c", script);
        Assert.Equal(new CommandResult(0, "mounted1\n", ""), Psrun.Finish(run));
    }

    private string ShowSource(string variant, string path)
    {
        string source = Rootfs + path;
        switch (variant)
        {
            case "relative":
                source = "rootfs" + path;
                break;
            case "link":
                File.CreateSymbolicLink(Bundle.Path + "/link", Rootfs + "/mm");
                source = Bundle.Path + "/link/x";
                break;
            case "shared":
                Linux["rootfsPropagation"] = "shared";
                break;
            case "no mount namespace":
                Assert.SkipWhen(
                    Environment.OSVersion.Version < new Version(6, 15), "a detached tree can be mounted in since Linux 6.15");
                RemoveNamespace("mount");
                Linux.Remove("maskedPaths");
                Linux.Remove("readonlyPaths");
                break;
            case "user namespace":
                UseUserNamespace(HostId);
                break;
        }

        Mount("/mm", "bind", Source, "bind");
        Mount("/final", "bind", source, "bind");
        return Output("cat /final/file");
    }
}
