using System.Diagnostics;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>What only a v2 host has. tests/Conformance/uml/run.sh boots one.</summary>
[Trait("Cgroup", "v2")]
public sealed class UnifiedCgroupTests
{
    private const string ReadLog = "dd if=/dev/kmsg of=/dev/null bs=8192 count=1 status=none";
    private static readonly OciDeviceCgroup DenyAll = new() { Allow = false, Access = "rwm" };

    [Fact]
    public void LimitsAreWrittenInUnitsOfV2()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources
        {
            Cpu = new OciCpu { Shares = 1024, Quota = 50_000, Period = 100_000 },
            Memory = new OciMemory { Limit = 64 << 20, Reservation = 32 << 20 },
        });
        Assert.Equal("100", own.Read("", "cpu.weight"));
        Assert.Equal("50000 100000", own.Read("", "cpu.max"));
        Assert.Equal((64 << 20).ToString(), own.Read("", "memory.max"));
        Assert.Equal((32 << 20).ToString(), own.Read("", "memory.low"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Period = 200_000 } });
        Assert.Equal("50000 200000", own.Read("", "cpu.max"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Quota = -1 } });
        Assert.Equal("max 200000", own.Read("", "cpu.max"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Idle = 1 } });
        Assert.Equal("1", own.Read("", "cpu.idle"));
        own.Manager.Apply(new OciResources { Cpu = new OciCpu { Idle = 0, Shares = 262_144 } });
        Assert.Equal("10000", own.Read("", "cpu.weight"));
    }

    [Fact]
    public void UnifiedKeysAreWrittenAndGuarded()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(Keys("memory.high", "33554432"));
        Assert.Equal("33554432", own.Read("", "memory.high"));
        own.Manager.Apply(Keys("memory.oom.group", "1"));
        Assert.Equal("1", own.Read("", "memory.oom.group"));
        Assert.Throws<CgroupException>(() => own.Manager.Apply(Keys("../memory.high", "1")));
        Assert.Throws<CgroupException>(() => own.Manager.Apply(Keys("memory/high", "1")));
        Assert.Throws<CgroupException>(() => own.Manager.Apply(Keys("nodot", "1")));
        Assert.Equal("nosuch", Assert.Throws<CgroupException>(
            () => own.Manager.Apply(Keys("nosuch.max", "1"))).Controller);
        CgroupException error = Assert.Throws<CgroupException>(() => own.Manager.Apply(Keys("memory.nosuch", "1")));
        Assert.Equal("memory.nosuch", error.File);
    }

    [Theory]
    [InlineData("cpu.max.burst", "cpu.max")]
    [InlineData("cpu.max", "cpu.max.burst")]
    public void UnifiedKeysThatBoundEachOtherMayComeInAnyOrder(string first, string second)
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        foreach ((string quota, string burst) in new[] { ("90000 100000", "80000"), ("5000 10000", "1000"), ("150000 200000", "150000"), ("2000 5000", "0") })
        {
            Dictionary<string, string> values = new() { ["cpu.max"] = quota, ["cpu.max.burst"] = burst };
            own.Manager.Apply(new OciResources
            {
                Unified = new Dictionary<string, string> { [first] = values[first], [second] = values[second] },
            });
            Assert.Equal(quota, own.Read("", "cpu.max"));
            Assert.Equal(burst, own.Read("", "cpu.max.burst"));
        }

        Assert.Throws<CgroupException>(() => own.Manager.Apply(new OciResources
        {
            Unified = new Dictionary<string, string> { ["cpu.max"] = "10000 100000", ["cpu.max.burst"] = "20000" },
        }));
    }

    [Fact]
    public void WhatOnlyV1HasIsRefused()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        foreach (OciResources resources in new OciResources[]
        {
            new() { Memory = new OciMemory { Swappiness = 10 } },
            new() { Memory = new OciMemory { DisableOomKiller = true } },
            new() { Memory = new OciMemory { KernelTcp = 1 << 20 } },
            new() { Cpu = new OciCpu { RealtimeRuntime = 1000 } },
            new() { Network = new OciNetwork { ClassId = 1 } },
        })
        {
            CgroupException error = Assert.Throws<CgroupException>(() => own.Manager.Apply(resources));
            Assert.NotNull(error.Controller);
        }
    }

    [Fact]
    public void AControllerTheHostLacksIsNamed()
    {
        OwnCgroup.RequireUnified();
        Assert.SkipWhen(CgroupHost.Current.GetControllers().Contains("rdma"), "rdma is here");
        using OwnCgroup own = new();
        own.Manager.Create();
        CgroupException error = Assert.Throws<CgroupException>(() => own.Manager.Apply(
            new OciResources { Rdma = new Dictionary<string, OciRdma> { ["mlx"] = new() { HcaHandles = 1 } } }));
        Assert.Equal("rdma", error.Controller);
    }

    [Fact]
    public void ACgroupWithProcessesGivesNoControllersToThoseBelow()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Shell("sleep 100");
        using CgroupManager below = CgroupManager.Open(own.Name + "/below");
        below.Create();
        Assert.Equal("domain", own.Read("", "cgroup.type"));
        CgroupException error = Assert.Throws<CgroupException>(
            () => below.Apply(new OciResources { Pids = new OciPids { Limit = 5 } }));
        Assert.Contains("processes of its own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesAreLimitedByAProgramThatIsReplacedInOneStep()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources());
        Process process = own.Shell(
            $"mknod /tmp/full c 1 7; {ReadLog} 2>&1; head -c 3 /tmp/full | od -An -tx1; rm /tmp/full");
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
        Assert.Contains("00 00 00", output, StringComparison.Ordinal);

        OciDeviceCgroup log = new() { Allow = true, Type = "c", Major = 1, Minor = 11, Access = "r" };
        own.Manager.Apply(new OciResources { Devices = [DenyAll, log] });
        Assert.Single(Attached(own));
        process = own.Shell($"{ReadLog} && echo readable; (: > /dev/kmsg) || echo not writable");
        output = process.StandardOutput.ReadToEnd();
        Assert.Contains("readable", output, StringComparison.Ordinal);
        Assert.Contains("not writable", output, StringComparison.Ordinal);

        own.Manager.Apply(new OciResources { Devices = [DenyAll] });
        Assert.Single(Attached(own));
        Assert.Contains(
            "Operation not permitted", own.Shell(ReadLog).StandardError.ReadToEnd(), StringComparison.Ordinal);
        own.Manager.Apply(new OciResources { Devices = [new OciDeviceCgroup { Allow = true, Access = "rwm" }] });
        Assert.Equal("", own.Shell(ReadLog).StandardError.ReadToEnd());
    }

    [Fact]
    public void AProcessClonedIntoTheDirectoryIsNotAddedAgain()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        using FileDescriptor directory = own.Manager.OpenForClone()!;
        Assert.False(directory.IsInvalid);
        Assert.Empty(own.Manager.OpenForAttach());
        own.Manager.Add(int.MaxValue);
        Assert.Empty(own.Manager.GetProcesses());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFurtherProcessFollowsTheFirstWhereItsOwnCgroupTakesNone(bool removed)
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        Process first = own.Shell("sleep 100");
        using FileDescriptor process = ChildProcess.Open(first.Id);
        string directory = own.Manager.Paths[""];
        string place = removed ? directory + "-other" : directory + "/init";
        Directory.CreateDirectory(place);
        Poll.Until(
            () =>
            {
                // The shell may have forked before it was moved.
                foreach (string pid in File.ReadAllLines(directory + "/cgroup.procs"))
                    File.WriteAllText(place + "/cgroup.procs", pid);
                return File.ReadAllText(directory + "/cgroup.procs") == "";
            },
            "it is in use");
        if (removed) Directory.Delete(directory);
        else File.WriteAllText(directory + "/cgroup.subtree_control", "+pids");

        // A service manager in the container moves itself, and gives controllers to those below its cgroup.
        using CgroupManager manager = CgroupManager.Open(own.Name);
        using (FileDescriptor opened = manager.OpenForClone(new ProcessCgroups(process))!)
        {
            Assert.Equal(place, new FileInfo($"/proc/self/fd/{opened.Number}").LinkTarget);
        }

        File.WriteAllText(place + "/cgroup.kill", "1");
        first.WaitForExit();
        Poll.Until(() => File.ReadAllText(place + "/cgroup.procs") == "", "it is in use");
        Directory.Delete(place);
    }

    [Fact]
    public void GivingToAUserChangesTheDelegatedFilesOnly()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.GiveTo(1234);
        string directory = own.Manager.Paths[""];
        using Process stat = Process.Start(new ProcessStartInfo(
            "stat", ["-c", "%u", directory, $"{directory}/cgroup.procs", $"{directory}/memory.max"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("1234\n1234\n0\n", stat.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void ThreadedSubCgroupsAreListedThroughTheirDomain()
    {
        OwnCgroup.RequireUnified();
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = own.Shell("sleep 100");
        string below = Path.Combine(own.Manager.Paths[""], "threads");
        Directory.CreateDirectory(below);
        File.WriteAllText(Path.Combine(below, "cgroup.type"), "threaded");
        Assert.Contains(process.Id, own.Manager.GetProcesses());
    }

    private static List<FileDescriptor> Attached(OwnCgroup own)
    {
        using CgroupManager manager = CgroupManager.Open(own.Name);
        using FileDescriptor directory = manager.OpenForClone()!;
        List<FileDescriptor> programs = Bpf.OpenAttached(directory);
        foreach (FileDescriptor program in programs) program.Dispose();
        return programs;
    }

    private static OciResources Keys(string key, string value) =>
        new() { Unified = new Dictionary<string, string> { [key] = value } };
}
