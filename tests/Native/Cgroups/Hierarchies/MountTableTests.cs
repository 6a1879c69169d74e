using System.Text;
using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Native.Tests.Cgroups.Hierarchies;

public sealed class MountTableTests
{
    private const string Root = "23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n";

    [Fact]
    public void AUnifiedHostHasOneTree()
    {
        CgroupHost host = Parse(Root +
            "29 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        Assert.Equal(CgroupLayout.Unified, host.Layout);
        Assert.Equal("/sys/fs/cgroup", host.UnifiedMount);
        Assert.Empty(host.Hierarchies);
    }

    [Theory]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n", true)]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegated\n", false)]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n9 2 0:26 / /x rw - cgroup2 x rw,nsdelegate\n", false)]
    [InlineData("35 31 0:31 / /mnt/memory rw - cgroup none rw,memory\n", true)]
    public void LimitsAreKeptFromANamespaceByNsdelegateOrInOtherHierarchies(string table, bool keeps) =>
        Assert.Equal(keeps, Parse(Root + table).KeepsLimits);

    [Fact]
    public void ALegacyHostHasCoMountedControllersAndNamedHierarchies()
    {
        CgroupHost host = Parse(Root +
            "31 23 0:27 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755\n" +
            "32 31 0:28 / /sys/fs/cgroup/systemd rw,nosuid shared:9 - cgroup cgroup rw,xattr,name=systemd\n" +
            "33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 master:3 - cgroup cgroup rw,cpu,cpuacct\n" +
            "34 31 0:30 / /sys/fs/cgroup/net_cls,net_prio rw - cgroup cgroup rw,net_cls,net_prio\n" +
            "35 31 0:31 / /mnt/my\\040mem rw - cgroup none rw,clone_children,memory,release_agent=/x\n");
        Assert.Equal(CgroupLayout.Legacy, host.Layout);
        Assert.Null(host.UnifiedMount);
        Assert.Equal(4, host.Hierarchies.Count);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", host.Find("cpuacct")!.MountPoint);
        Assert.Same(host.Find("cpu"), host.Find("cpuacct"));
        Assert.Equal("/sys/fs/cgroup/systemd", host.Find("name=systemd")!.MountPoint);
        Assert.Equal("/mnt/my mem", host.Find("memory")!.MountPoint);
        Assert.Null(host.Find("pids"));
    }

    [Fact]
    public void AHybridHostHasBoth()
    {
        CgroupHost host = Parse(Root +
            "40 31 0:37 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n" +
            "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw");
        Assert.Equal(CgroupLayout.Hybrid, host.Layout);
        Assert.Equal("/sys/fs/cgroup/unified", host.UnifiedMount);
        Assert.Equal(["pids"], host.Find("pids")!.Controllers);
    }

    [Fact]
    public void AUnifiedHostWithAStrayLegacyControllerIsUnified()
    {
        CgroupHost host = Parse(
            "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n" +
            "50 23 0:40 / /run/vpn/net_cls rw - cgroup vpn rw,net_cls\n");
        Assert.Equal(CgroupLayout.Unified, host.Layout);
    }

    [Fact]
    public void ASystemdHierarchyAloneDoesNotMakeAHostHybrid()
    {
        CgroupHost host = Parse(
            "29 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n" +
            "30 23 0:27 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n");
        Assert.Equal(CgroupLayout.Unified, host.Layout);
    }

    [Fact]
    public void TheUsualPlaceWinsOverAnotherMountOfTheSameHierarchy()
    {
        CgroupHost host = Parse(
            "28 23 0:26 / /srv/chroot/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
            "29 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
            "30 23 0:26 / /srv/other/memory rw - cgroup cgroup rw,memory\n");
        Assert.Equal("/sys/fs/cgroup/memory", Assert.Single(host.Hierarchies).MountPoint);
    }

    [Fact]
    public void NoCgroupsAtAllIsNoLayout()
    {
        Assert.Equal(CgroupLayout.None, Parse(Root).Layout);
        Assert.Equal(CgroupLayout.None, Parse("").Layout);
    }

    [Fact]
    public void AFileSystemCalledLikeCgroupIsNone() =>
        Assert.Equal(CgroupLayout.None, Parse("29 23 0:26 / /a rw - cgroupfs x rw,memory\n").Layout);

    [Theory]
    [InlineData("memory", "/docker/1")]
    [InlineData("cpuacct", "/both")]
    [InlineData("name=systemd", "/init.scope")]
    [InlineData("", "/user.slice/a:b")]
    [InlineData("pids", "/")]
    public void TheCallersOwnPathIsRead(string controller, string expected)
    {
        const string table =
            "12:memory:/docker/1\n4:cpu,cpuacct:/both\n1:name=systemd:/init.scope\n0::/user.slice/a:b\n";
        Assert.Equal(expected, CgroupHost.OwnPath(table, controller));
    }

    [Fact]
    public void ThisHostIsRecognised()
    {
        Assert.Contains(CgroupHost.Mode, new[] { "v1", "v2", "hybrid", "none" });
        if (CgroupHost.Current.Layout != CgroupLayout.None) Assert.NotEmpty(CgroupHost.Current.GetControllers());
    }

    private static CgroupHost Parse(string table) => MountTable.Parse(Encoding.UTF8.GetBytes(table));
}
