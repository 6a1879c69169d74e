using System.Diagnostics;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>What every kind of host does alike; on a v2 host these run against the v2 tree.</summary>
public sealed class CgroupManagerTests
{
    [Fact]
    public void CreateMakesEveryDirectoryAndRemoveTakesThemAway()
    {
        using OwnCgroup own = new();
        Assert.False(own.Manager.Exists);
        own.Manager.Create();
        Assert.True(own.Manager.Exists);
        IReadOnlyDictionary<string, string> paths = own.Manager.Paths;
        Assert.NotEmpty(paths);
        Assert.All(paths.Values, path => Assert.True(Directory.Exists(path), path));
        Assert.True(own.Manager.Remove());
        Assert.All(paths.Values, path => Assert.False(Directory.Exists(path), path));
    }

    [Fact]
    public void RemovingTwiceAndRemovingNothingSucceeds()
    {
        using OwnCgroup own = new();
        Assert.True(own.Manager.Remove());
        own.Manager.Create();
        Assert.True(own.Manager.Remove());
        Assert.True(own.Manager.Remove());
    }

    [Fact]
    public void OneThatIsRemovedWhileItIsOpenHasNothing()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        foreach (string path in own.Manager.Paths.Values.Distinct())
        {
            using CgroupDirectory open = CgroupDirectory.OpenMount(path, unified: !File.Exists(path + "/tasks"));
            Directory.Delete(path);
            Assert.Empty(open.Subdirectories());
            Assert.Empty(CgroupProcesses.List(open));
        }
    }

    [Fact]
    public void NestedPathsAreMadeAndAnEmptyCgroupIsTakenOver()
    {
        using OwnCgroup outer = new();
        outer.Manager.Create();
        using CgroupManager inner = CgroupManager.Open(outer.Name + "/a/b");
        inner.Create();
        using CgroupManager again = CgroupManager.Open(outer.Name + "/a/b");
        again.Create();
        Assert.True(again.Exists);
    }

    [Fact]
    public void CreatingACgroupInUseIsRefused()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = own.Shell("sleep 100");
        using CgroupManager second = CgroupManager.Open(own.Name);
        CgroupException error = Assert.Throws<CgroupException>(second.Create);
        Assert.Contains(process.Id.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(process.HasExited);
    }

    [Fact]
    public void ProcessesAreListedThroughSubCgroups()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        Process first = own.Shell("sleep 100 & wait");
        using CgroupManager below = CgroupManager.Open(own.Name + "/below/deeper");
        below.Create();
        Process second = own.Shell("sleep 100", below);
        Poll.Until(() => own.Manager.GetProcesses().Count >= 3, "three processes");
        Assert.Contains(first.Id, own.Manager.GetProcesses());
        Assert.Contains(second.Id, own.Manager.GetProcesses());
    }

    [Fact]
    public void KillEndsAForkingProcessAndRemoveFollowsAtOnce()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = OwnCgroup.Forker(own, own.Manager);
        own.Manager.Kill();
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.True(own.Manager.Remove());
        Assert.Empty(own.Manager.GetProcesses());
    }

    [Fact]
    public void FrozenProcessesStandStillAndDieWhenKilled()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = own.Shell("i=0; while :; do i=$((i+1)); echo $i; done");
        process.StandardOutput.ReadLine();
        own.Manager.Freeze();
        Assert.True(own.Manager.IsFrozen);
        TimeSpan before = process.TotalProcessorTime;
        Thread.Sleep(100);
        process.Refresh();
        Assert.Equal(before, process.TotalProcessorTime);
        own.Manager.Thaw();
        Assert.False(own.Manager.IsFrozen);
        own.Manager.Freeze();
        own.Manager.Kill();
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.Equal(128 + Signals.SIGKILL, process.ExitCode);
    }

    [Fact]
    public void SubCgroupsAreRemovedFromTheDeepestUp()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        string directory = own.Manager.Paths.Values.First();
        for (int i = 0; i < 20; i++) Directory.CreateDirectory(Path.Combine(directory, $"flat{i}/below"));
        string deep = directory;
        for (int i = 0; i < 30; i++) deep = Path.Combine(deep, "level-" + i);
        Directory.CreateDirectory(deep);
        Assert.True(own.Manager.Remove());
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void RemoveWaitsForAnExitingProcessAndGivesUpOnALivingOne()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Shell("sleep 0.2");
        Assert.True(own.Manager.Remove());
        own.Manager.Create();
        using CgroupManager living = CgroupManager.Open(own.Name);
        own.Shell("sleep 100");
        Stopwatch clock = Stopwatch.StartNew();
        Assert.False(living.Remove());
        Assert.InRange(clock.ElapsedMilliseconds, 500, 60_000);
    }

    [Fact]
    public void PidsAreLimitedAndCounted()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources { Pids = new OciPids { Limit = 4 } });
        Assert.Equal("4", own.Read("pids", "pids.max"));
        Process process = own.Shell("for i in 1 2 3 4 5 6; do sleep 100 & done; wait");
        Assert.Contains("fork", process.StandardError.ReadLine(), StringComparison.OrdinalIgnoreCase);
        PidsStatistics pids = own.Manager.GetStatistics().Pids!;
        Assert.Equal(4, pids.Limit);
        Assert.InRange(pids.Current!.Value, 1, 4);
        own.Manager.Apply(new OciResources { Pids = new OciPids { Limit = -1 } });
        Assert.Equal("max", own.Read("pids", "pids.max"));
        Assert.Null(own.Manager.GetStatistics().Pids!.Limit);
        own.Manager.Apply(new OciResources { Pids = new OciPids { Limit = 0 } });
        Assert.Equal("1", own.Read("pids", "pids.max"));
    }

    [Fact]
    public void AMemoryLimitKillsAndTheKillIsCounted()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        const long limit = 16 << 20;
        own.Manager.Apply(new OciResources { Memory = new OciMemory { Limit = limit, Swap = limit } });
        Assert.Equal(0, own.Manager.OutOfMemoryKills());
        Process process = own.Shell("x=$(head -c 100000000 /dev/zero | tr '\\0' a)");
        Assert.True(process.WaitForExit(Poll.Patience));
        Assert.Equal(128 + Signals.SIGKILL, process.ExitCode);
        Assert.True(own.Manager.OutOfMemoryKills() > 0);
        MemoryStatistics memory = own.Manager.GetStatistics().Memory!;
        Assert.Equal(limit, memory.Limit);
        Assert.True(memory.OutOfMemoryKills > 0);
        Assert.NotNull(memory.Usage);
        Assert.NotEmpty(memory.Details);
    }

    [Fact]
    public void MemoryLimitsGoUpAndDownInAnyOrder()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        foreach ((long memory, long swap) in
            new[] { (64L, 128L), (256L, 512L), (32L, 32L), (1024L, -1L), (16L, 64L), (-1L, -1L), (48L, 96L) })
        {
            long limit = memory < 0 ? -1 : memory << 20;
            long both = swap < 0 ? -1 : swap << 20;
            own.Manager.Apply(new OciResources { Memory = new OciMemory { Limit = limit, Swap = both } });
            MemoryStatistics statistics = own.Manager.GetStatistics().Memory!;
            Assert.Equal(memory < 0 ? null : limit, statistics.Limit);
            if (memory > 0 && swap > 0 && statistics.SwapUsage is not null)
            {
                Assert.Equal(both - limit, statistics.SwapLimit ?? (both - limit));
            }
        }
    }

    [Fact]
    public void ALimitBelowUsageIsRefusedWhenAsked()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Shell("x=$(head -c 20000000 /dev/zero | tr '\\0' a); sleep 100");
        Poll.Until(() => own.Manager.GetStatistics().Memory!.Usage > 15 << 20, "memory is used");
        CgroupException error = Assert.Throws<CgroupException>(() => own.Manager.Apply(
            new OciResources { Memory = new OciMemory { Limit = 1 << 20, CheckBeforeUpdate = true } }));
        Assert.Equal("memory", error.Controller);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProcessorTimeIsCounted()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        Process process = own.Shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 100");
        Poll.Until(() => own.Manager.GetStatistics().Cpu!.UsageNanoseconds > 50_000_000, "time is used");
        Assert.False(process.HasExited);
        Assert.NotNull(own.Manager.GetStatistics().Cpu!.UserNanoseconds);
    }

    [Fact]
    public void EmptyPartsAskForNothing()
    {
        using OwnCgroup own = new();
        own.Manager.Create();
        own.Manager.Apply(new OciResources
        {
            Memory = new OciMemory(), Cpu = new OciCpu(), BlockIo = new OciBlockIo(), Network = new OciNetwork(),
            HugepageLimits = [], Rdma = new Dictionary<string, OciRdma>(), Unified = new Dictionary<string, string>(),
            Pids = new OciPids(), Devices = [],
        });
        Assert.Null(own.Manager.GetStatistics().Memory!.Limit);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("../a")]
    [InlineData("/")]
    [InlineData("//./")]
    [InlineData("/a\n")]
    public void PathsOutOfTheTreeAreRefused(string path) =>
        Assert.Throws<CgroupException>(() => CgroupManager.Open(path));
}
