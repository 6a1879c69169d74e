using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>personality, memoryPolicy, execCPUAffinity, scheduler, ioPriority, oomScoreAdj, umask.</summary>
public sealed class PlacementTests : ConfigTest
{
    [Fact]
    public void APersonalityIsThatOfEveryProcess()
    {
        Linux["personality"] = new JsonObject { ["domain"] = "LINUX32" };
        Assert.Equal("00000008", Output("cat /proc/self/personality"));
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal("00000008\n", Psrun.Succeed("exec", Id, "cat", "/proc/self/personality"));
    }

    [Fact]
    public void APersonalityWithFlagsIsRefused()
    {
        Linux["personality"] = new JsonObject { ["domain"] = "LINUX", ["flags"] = Strings("ADDR_NO_RANDOMIZE") };
        Assert.EndsWith("linux.personality.flags[0]: 'ADDR_NO_RANDOMIZE' is not known", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MPOL_BIND", "0", null, "bind:0")]
    [InlineData("MPOL_PREFERRED", "0", "MPOL_F_STATIC_NODES", "prefer=static:0")]
    [InlineData("MPOL_INTERLEAVE", "0", "MPOL_F_RELATIVE_NODES", "interleave=relative:0")]
    [InlineData("MPOL_LOCAL", "", null, "local")]
    public void AMemoryPolicyIsThatOfEveryProcess(string mode, string nodes, string? flag, string shown)
    {
        Assert.SkipUnless(File.Exists("/proc/self/numa_maps"), "the kernel has no NUMA");
        JsonObject policy = new() { ["mode"] = mode, ["nodes"] = nodes };
        if (flag is not null) policy["flags"] = Strings(flag);
        Linux["memoryPolicy"] = policy;
        Assert.StartsWith(shown, Output("busybox head -n1 /proc/self/numa_maps").Split(' ')[1], StringComparison.Ordinal);
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string maps = Psrun.Succeed("exec", Id, "cat", "/proc/self/numa_maps");
        Assert.StartsWith(shown, maps.Split(' ')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AMemoryNodeThatIsNotThereIsAnError()
    {
        Assert.SkipUnless(File.Exists("/proc/self/numa_maps"), "the kernel has no NUMA");
        Linux["memoryPolicy"] = new JsonObject { ["mode"] = "MPOL_BIND", ["nodes"] = "63" };
        Assert.Equal("set_mempolicy 'MPOL_BIND' in the container: Invalid argument (EINVAL)", Refusal());
    }

    [Fact]
    public void ExecRunsOnItsProcessors()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors");
        Process["execCPUAffinity"] = new JsonObject { ["initial"] = "0", ["final"] = "1" };
        const string Script = "grep Cpus_allowed_list /proc/self/status";
        Assert.NotEqual("Cpus_allowed_list:\t1", Output(Script));
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal("Cpus_allowed_list:\t1\n", Psrun.Succeed("exec", Id, "/bin/sh", "-c", Script));
    }

    [Fact]
    public void AProcessorThatIsNotThereIsAnError()
    {
        Process["execCPUAffinity"] = new JsonObject { ["initial"] = "8191" };
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal("sched_setaffinity '8191': Invalid argument (EINVAL)", Psrun.Fail(255, "exec", Id, "true"));
    }

    [Theory]
    [InlineData("SCHED_BATCH", 0, 5, "3")]
    [InlineData("SCHED_IDLE", 0, 0, "5")]
    [InlineData("SCHED_FIFO", 10, 0, "1")]
    [InlineData("SCHED_RR", 10, 0, "2")]
    public void ASchedulerIsThatOfTheProcess(string policy, int priority, int nice, string number)
    {
        Process["scheduler"] = new JsonObject { ["policy"] = policy, ["priority"] = priority, ["nice"] = nice };

        // On v1 a cgroup has no real-time runtime unless it is given some.
        if (priority > 0 && File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"))
            Linux["resources"]!["cpu"] = new JsonObject { ["realtimePeriod"] = 1_000_000, ["realtimeRuntime"] = 50_000 };
        CommandResult result = Run("echo $(busybox cut -d' ' -f19,40,41 /proc/self/stat)");
        Assert.SkipWhen(
            result.Error.Contains("EPERM", StringComparison.Ordinal), "this cgroup has no real-time runtime");

        // Only the policies that share out time look at the nice value; the others leave it what it was.
        string own = File.ReadAllText("/proc/self/stat").Split(' ')[18];
        Assert.Equal($"{(nice > 0 ? nice : own)} {priority} {number}\n", result.Output);
    }

    [Fact]
    public void ADeadlineSchedulerIsThatOfTheProcess()
    {
        Process["scheduler"] = new JsonObject
        {
            ["policy"] = "SCHED_DEADLINE", ["runtime"] = 1_000_000, ["deadline"] = 10_000_000, ["period"] = 10_000_000,
            ["flags"] = Strings("SCHED_FLAG_RESET_ON_FORK"),
        };
        Save("/bin/cat", "/proc/self/stat");
        CommandResult result = Psrun.Run("run", "-b", Bundle.Path, Id);
        Assert.SkipWhen(result.Error.Contains("EPERM", StringComparison.Ordinal), "not permitted here");
        Assert.SkipWhen(result.Error.Contains("EBUSY", StringComparison.Ordinal), "no bandwidth is left");
        Assert.Equal("6", result.Output.Split(' ')[40]);
    }

    [Theory]
    [InlineData("IOPRIO_CLASS_BE", 5, "best-effort: prio 5")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "idle")]
    [InlineData("IOPRIO_CLASS_RT", 1, "realtime: prio 1")]
    public void AnIoPriorityIsThatOfTheProcess(string name, int priority, string shown)
    {
        Process["ioPriority"] = new JsonObject { ["class"] = name, ["priority"] = priority };
        Assert.Equal(shown, Output("busybox ionice"));
    }

    [Fact]
    public void TheScoreForTheOutOfMemoryKillerIsSet()
    {
        Process["oomScoreAdj"] = 777;
        Assert.Equal("777", Output("cat /proc/self/oom_score_adj"));
    }

    [Fact]
    public void AnUmaskIsThatOfTheProcess()
    {
        Process["user"]!["umask"] = 0x3F;
        Assert.Equal("0077", Output("umask"));
    }
}
