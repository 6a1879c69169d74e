using System.Diagnostics;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>What only v1 hierarchies have.</summary>
public sealed class LegacyCgroupTests
{
    private static readonly OciDeviceCgroup DenyAll = new() { Allow = false, Access = "rwm" };

    [Fact]
    public void ANewCpusetHasTheProcessorsOfItsParent()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        using CgroupManager nested = CgroupManager.Open(own.Name + "/a/b");
        nested.Create();
        string mount = CgroupHost.Current.Find("cpuset")!.MountPoint;
        foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            string expected = File.ReadAllText($"{mount}/{file}");
            Assert.Equal(expected, File.ReadAllText($"{mount}{own.Name}/{file}"));
            Assert.Equal(expected, File.ReadAllText($"{mount}{own.Name}/a/b/{file}"));
        }

        nested.Apply(new OciResources { Cpu = new OciCpu { Cpus = "0", Mems = "0" } });
        Assert.Equal("0", File.ReadAllText($"{mount}{own.Name}/a/b/cpuset.cpus").Trim());
    }

    [Fact]
    public void GivingToAUserChangesHierarchiesWithoutControllersOnly()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.GiveTo(1234);
        foreach ((string controller, string path) in own.Manager.Paths)
        {
            bool given = controller.Length == 0 || controller.StartsWith("name=", StringComparison.Ordinal);
            string procs = OwnCgroup.Stat(path + "/cgroup.procs");
            Assert.Equal((controller, given ? "1234" : "0"), (controller, procs));
            Assert.Equal((controller, given ? "1234" : "0"), (controller, OwnCgroup.Stat(path)));
            if (controller.StartsWith("name=", StringComparison.Ordinal))
                Assert.Equal("0", OwnCgroup.Stat(path + "/notify_on_release"));
        }
    }

    [Fact]
    public void WhatAnotherFrozeWithTheLegacyFreezerIsKilled()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = own.Shell("sleep 1000");
        File.WriteAllText(Path.Combine(own.Manager.Paths["freezer"], "freezer.state"), "FROZEN");
        own.Manager.Kill();
        Assert.True(process.WaitForExit(Poll.Patience));
    }

    [Fact]
    public void ProcessorLimitsAreWrittenAndChanged()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources
        {
            Cpu = new OciCpu { Shares = 512, Quota = 50_000, Period = 100_000, Burst = 10_000 },
        });
        Assert.Equal("512", own.Read("cpu", "cpu.shares"));
        Assert.Equal("50000", own.Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("10000", own.Read("cpu", "cpu.cfs_burst_us"));

        // Burst above the old quota, and a period that makes the old quota too much.
        own.Manager.Apply(new OciResources
        {
            Cpu = new OciCpu { Quota = 200_000, Period = 50_000, Burst = 150_000 },
        });
        Assert.Equal("200000", own.Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("50000", own.Read("cpu", "cpu.cfs_period_us"));
        Assert.Equal("150000", own.Read("cpu", "cpu.cfs_burst_us"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Quota = -1, Burst = 0, Idle = 1 } });
        Assert.Equal("-1", own.Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("1", own.Read("cpu", "cpu.idle"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Idle = 0, Shares = 2048 } });
        Assert.Equal("2048", own.Read("cpu", "cpu.shares"));
    }

    [Fact]
    public void AThrottledContainerIsSeenInItsStatistics()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Quota = 5_000, Period = 50_000 } });
        own.Shell("while :; do :; done");
        Poll.Until(
            () => own.Manager.GetStatistics().Cpu is { ThrottledPeriods: > 2, ThrottledNanoseconds: > 0 }, "throttled");
    }

    [Fact]
    public void MemoryDetailsAreWritten()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources
        {
            Memory = new OciMemory { Reservation = 32 << 20, Swappiness = 10, DisableOomKiller = true },
        });
        Assert.Equal((32 << 20).ToString(), own.Read("memory", "memory.soft_limit_in_bytes"));
        Assert.Equal("10", own.Read("memory", "memory.swappiness"));
        Assert.Contains("oom_kill_disable 1", own.Read("memory", "memory.oom_control"), StringComparison.Ordinal);
        Assert.Throws<CgroupException>(
            () => own.Manager.Apply(new OciResources { Memory = new OciMemory { Swappiness = 101 } }));
        Assert.Throws<CgroupException>(
            () => own.Manager.Apply(new OciResources { Memory = new OciMemory { Limit = 2 << 20, Swap = 1 << 20 } }));
    }

    [Fact]
    public void DevicesAreLimitedToTheList()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources());
        Process process = own.Shell("head -c 1 /dev/kmsg 2>&1; head -c 3 /dev/zero | od -An -tx1");
        string output = process.StandardOutput.ReadToEnd();
        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
        Assert.Contains("00 00 00", output, StringComparison.Ordinal);

        // An update takes away and adds without a moment of "deny all" (/dev/null stays open-able throughout).
        Process watcher = own.Shell("while :; do : > /dev/null || echo denied; done");
        OciDeviceCgroup log = new() { Allow = true, Type = "c", Major = 1, Minor = 11, Access = "r" };
        for (int i = 0; i < 20; i++)
        {
            own.Manager.Apply(new OciResources { Devices = [DenyAll, log] });
            Assert.Contains("c 1:11 r", own.Read("devices", "devices.list"), StringComparison.Ordinal);
            using CgroupManager later = CgroupManager.Open(own.Name);
            later.Apply(new OciResources { Devices = [DenyAll] });
            Assert.DoesNotContain("c 1:11 r", own.Read("devices", "devices.list"), StringComparison.Ordinal);
        }

        own.Manager.Kill();
        Assert.DoesNotContain("denied", watcher.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void AllDevicesAreAllowedWhenAsked()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        OciDeviceCgroup all = new() { Allow = true, Access = "rwm" };
        own.Manager.Apply(new OciResources { Devices = [DenyAll, all] });
        Assert.Equal("a *:* rwm", own.Read("devices", "devices.list"));
    }

    [Fact]
    public void BlockDevicesAreThrottledAndWeightsWithoutAFileAreLeft()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        string[] number = File.ReadAllText(
            Directory.GetDirectories("/sys/block").First() + "/dev").Trim().Split(':');
        OciThrottleDevice device = new()
        {
            Major = long.Parse(number[0]), Minor = long.Parse(number[1]), Rate = 1 << 20,
        };
        own.Manager.Apply(new OciResources
        {
            BlockIo = new OciBlockIo { Weight = 500, LeafWeight = 300, ThrottleReadBpsDevice = [device] },
        });
        Assert.Contains(
            $"{number[0]}:{number[1]} {1 << 20}", own.Read("blkio", "blkio.throttle.read_bps_device"),
            StringComparison.Ordinal);
        CgroupException error = Assert.Throws<CgroupException>(() => own.Manager.Apply(new OciResources
        {
            BlockIo = new OciBlockIo { ThrottleWriteIopsDevice = [device with { Major = 4000, Minor = 4000 }] },
        }));
        Assert.Equal("blkio.throttle.write_iops_device", error.File);
    }

    [Fact]
    public void ALimitWithoutItsControllerNamesIt()
    {
        OwnCgroup.RequireLegacy();
        Assert.SkipWhen(CgroupHost.Current.Find("net_cls") is not null, "net_cls is mounted here");
        using OwnCgroup own = new();
        own.Manager.Create();
        CgroupException error = Assert.Throws<CgroupException>(
            () => own.Manager.Apply(new OciResources { Network = new OciNetwork { ClassId = 7 } }));
        Assert.Equal("net_cls", error.Controller);
        error = Assert.Throws<CgroupException>(() => own.Manager.Apply(
            new OciResources { Rdma = new Dictionary<string, OciRdma> { ["mlx"] = new() { HcaHandles = 1 } } }));
        Assert.Equal("rdma", error.Controller);
        error = Assert.Throws<CgroupException>(() => own.Manager.Apply(
            new OciResources { HugepageLimits = [new OciHugepageLimit { PageSize = "../x", Limit = 1 }] }));
        Assert.Contains("hugetlb", error.Controller, StringComparison.Ordinal);
    }

    [Fact]
    public void RelativePathsAreBelowTheCaller()
    {
        OwnCgroup.RequireLegacy();
        string name = "container-tests-" + Guid.NewGuid().ToString("N");
        using OwnCgroup ignored = new();
        using CgroupManager manager = CgroupManager.Open(name);
        manager.Create();
        string memory = CgroupHost.OwnPath("memory").TrimEnd('/');
        Assert.EndsWith($"{memory}/{name}", manager.Paths["memory"], StringComparison.Ordinal);
        Assert.True(manager.Remove());
    }

    [Fact]
    public void AChildThatWritesZeroToTheAttachFilesIsInEveryV1Hierarchy()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        own.Manager.Create();
        IReadOnlyList<FileDescriptor> files = own.Manager.OpenForAttach();
        Assert.Equal(CgroupHost.Current.Hierarchies.Count, files.Count);
        string script = "";
        foreach (FileDescriptor file in files) script += $"echo 0 > /proc/{Environment.ProcessId}/fd/{file.Number}; ";
        string table = own.Shell(script + "cat /proc/self/cgroup").StandardOutput.ReadToEnd();
        foreach (FileDescriptor file in files) file.Dispose();
        foreach (CgroupHierarchy hierarchy in CgroupHost.Current.Hierarchies)
        {
            Assert.Equal(own.Name, CgroupHost.OwnPath(table, hierarchy.Controllers[0]));
        }
    }

    [Fact]
    public void AControllerOfTheTreeBesideV1IsUsed()
    {
        OwnCgroup.RequireLegacy();
        string? mount = CgroupHost.Current.UnifiedMount;
        Assert.SkipUnless(
            mount is not null && CgroupHost.Current.Find("hugetlb") is null &&
            CgroupHost.Current.GetControllers().Contains("hugetlb") && Directory.Exists("/sys/kernel/mm/hugepages"),
            "the host has no hugetlb controller in a v2 tree beside v1");
        string control = $"{mount}/cgroup.subtree_control";
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: controllers of the whole tree");
        bool enabled = File.ReadAllText(control).Contains("hugetlb", StringComparison.Ordinal);
        try
        {
            using OwnCgroup own = new();
            own.Manager.Create();
            own.Manager.Apply(new OciResources
            {
                HugepageLimits = [new OciHugepageLimit { PageSize = "2MB", Limit = 4 << 20 }],
            });
            Assert.Equal((4 << 20).ToString(), own.Read("", "hugetlb.2MB.max"));
            Assert.Equal(0, own.Manager.GetStatistics().Hugepages["2MB"].Usage);
        }
        finally
        {
            if (!enabled) File.WriteAllText(control, "-hugetlb");
        }
    }

    [Fact]
    public void PureV1FreezesAndKillsWithoutTheTree()
    {
        OwnCgroup.RequireLegacy();
        using OwnCgroup own = new();
        CgroupHost legacy = new(null, CgroupHost.Current.Hierarchies);
        using CgroupManager manager = CgroupManager.Open(own.Name, new CgroupOptions { Host = legacy });
        manager.Create();
        Assert.Null(manager.OpenForClone());
        Process process = OwnCgroup.Forker(own, manager);
        manager.Freeze();
        Assert.True(manager.IsFrozen);
        IReadOnlyList<int> before = manager.GetProcesses();
        Thread.Sleep(50);
        Assert.Equal(before, manager.GetProcesses());
        manager.Thaw();
        Assert.False(manager.IsFrozen);
        manager.Kill();
        Assert.Empty(manager.GetProcesses());
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.True(manager.Remove());
    }
}
