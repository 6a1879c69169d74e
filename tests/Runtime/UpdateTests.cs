using System.Text.Json.Nodes;
using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class UpdateTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public UpdateTests()
    {
        bundle = new Bundle(psrun, "/bin/sleep", "1000");
        bundle.Change(config => config["linux"]!["resources"] = JsonNode.Parse(
            """{"memory":{"limit":50000000,"swap":80000000},"pids":{"limit":50},"cpu":{"shares":512}}"""));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void OptionsChangeLimitsAndAreKept()
    {
        psrun.Succeed(
            "update", "--memory", "60m", "--memory-swap", "1g", "--memory-reservation", "0.5G", "--pids-limit", "77",
            "--cpu-quota", "50000", "--cpu-period", "200000", "--cpu-share=2048", "--cpuset-cpus", "0", id);
        Assert.Equal("62914560", Limit("memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("77", Limit("pids", "pids.max", "pids.max"));
        Assert.Equal("0", Limit("cpuset", "cpuset.cpus", "cpuset.cpus"));
        if (IsUnified)
        {
            Assert.Equal("50000 200000", Limit("cpu", "", "cpu.max"));
        }
        else
        {
            Assert.Equal("50000", Limit("cpu", "cpu.cfs_quota_us", ""));
            Assert.Equal("200000", Limit("cpu", "cpu.cfs_period_us", ""));
            Assert.Equal("2048", Limit("cpu", "cpu.shares", ""));
        }

        JsonNode resources = Kept();
        Assert.Equal(1L << 30, (long)resources["memory"]!["swap"]!);
        Assert.Equal(1L << 29, (long)resources["memory"]!["reservation"]!);
        Assert.Equal(2048, (int)resources["cpu"]!["shares"]!);
        Assert.Equal(77, (int)resources["pids"]!["limit"]!);
    }

    [Fact]
    public void ADocumentChangesWhatItNames()
    {
        CommandOptions input = new() { Input = """{"pids":{"limit":66},"memory":{"limit":0},"cpu":{"quota":0}}""" };
        Assert.Equal(new CommandResult(0, "", ""), psrun.Run(input, "update", "--resources", "-", id));
        Assert.Equal("66", Limit("pids", "pids.max", "pids.max"));
        Assert.Equal("49999872", Limit("memory", "memory.limit_in_bytes", "memory.max"));

        string file = bundle.Path + "/resources.json";
        File.WriteAllText(file, """{"memory":{"limit":-1}}""");
        psrun.Succeed("update", "-r", file, id);
        Assert.Equal(IsUnified ? "max" : "9223372036854771712", Limit("memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal(-1, (long)Kept()["memory"]!["swap"]!);
    }

    [Fact]
    public void LimitsThatBoundEachOtherGoUpAndDownTogether()
    {
        Assert.SkipWhen(IsUnified || CgroupHost.Current.Find("cpu") is null, "needs the cpu controller of cgroup v1");
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/cpu/cpu.rt_period_us"), "the kernel schedules no groups in real time");

        // A runtime may not be longer than its period, a burst not than its quota, memory not more than memory with swap.
        (string Period, string Runtime)[] realtime = [("500000", "4000"), ("3000", "20"), ("200000", "1000"), ("900", "4"), ("500000", "2000")];
        foreach ((string period, string runtime) in realtime)
        {
            psrun.Succeed("update", "--cpu-rt-period", period, "--cpu-rt-runtime", runtime, id);
            Assert.Equal(period, Limit("cpu", "cpu.rt_period_us", ""));
            Assert.Equal(runtime, Limit("cpu", "cpu.rt_runtime_us", ""));
        }

        (string Period, string Quota, string Burst)[] bandwidth =
            [("100000", "90000", "80000"), ("10000", "5000", "1000"), ("200000", "150000", "150000"), ("5000", "2000", "0")];
        foreach ((string period, string quota, string burst) in bandwidth)
        {
            psrun.Succeed("update", "--cpu-period", period, "--cpu-quota", quota, "--cpu-burst", burst, id);
            Assert.Equal(quota, Limit("cpu", "cpu.cfs_quota_us", ""));
            Assert.Equal(burst, Limit("cpu", "cpu.cfs_burst_us", ""));
        }

        foreach ((string memory, string swap) in new[] { ("100M", "200M"), ("20M", "30M"), ("300M", "300M"), ("16M", "16M") })
        {
            psrun.Succeed("update", "--memory", memory, "--memory-swap", swap, id);
            Assert.Equal(Bytes(memory), Limit("memory", "memory.limit_in_bytes", ""));
            Assert.Equal(Bytes(swap), Limit("memory", "memory.memsw.limit_in_bytes", ""));
        }

        static string Bytes(string text) =>
            (long.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) << 20).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void AnUpdateWithoutALimitOfProcessesKeepsIt()
    {
        CommandOptions input = new() { Input = """{"pids":{}}""" };
        Assert.Equal(new CommandResult(0, "", ""), psrun.Run(input, "update", "--resources", "-", id));
        Assert.Equal("50", Limit("pids", "pids.max", "pids.max"));
        Assert.Equal(50, (int)Kept()["pids"]!["limit"]!);
        psrun.Succeed("update", "--pids-limit", "-1", id);
        Assert.Equal("max", Limit("pids", "pids.max", "pids.max"));
    }

    [Fact]
    public void ARefusedUpdateLeavesTheLimits()
    {
        string before = Kept().ToJsonString();
        string message = psrun.Fail(1, "update", "--pids-limit", "99", "--cpuset-cpus", "4000", id);
        Assert.Contains("cpuset.cpus = '4000'", message, StringComparison.Ordinal);
        Assert.Equal("50", Limit("pids", "pids.max", "pids.max"));
        Assert.Equal(before, Kept().ToJsonString());
    }

    [Theory]
    [InlineData("--memory: 'much' is not an amount of memory such as 512m, or -1", "--memory", "much")]
    [InlineData("--memory: '-2' is not an amount of memory such as 512m, or -1", "--memory", "-2")]
    [InlineData("--memory: '9999999999g' is not an amount of memory such as 512m, or -1", "--memory", "9999999999g")]
    [InlineData("--cpu-quota: 'x' is not a number", "--cpu-quota", "x")]
    [InlineData("--blkio-weight: '5' is not a number from 10 to 1000", "--blkio-weight", "5")]
    [InlineData("cpu.idle: 2 is not between 0 and 1", "--cpu-idle", "2")]
    [InlineData("--resources and --memory exclude each other", "--resources", "-", "--memory", "1")]
    [InlineData("--l3-cache-schema: the container was made without linux.intelRdt", "--l3-cache-schema", "L3:0=f")]
    [InlineData("memory.swap: 1048576 is less than the memory limit 2097152", "--memory", "2m", "--memory-swap", "1m")]
    public void MistakesAreNamed(string message, params string[] options) =>
        Assert.Equal(message, psrun.Fail(1, ["update", .. options, id]));

    [Fact]
    public void ABrokenDocumentIsNamed()
    {
        CommandResult result = psrun.Run(new CommandOptions { Input = """{"pids":{"limit":"many"}}""" }, "update", "-r-", id);
        Assert.Equal(
            new CommandResult(1, "", "psrun: standard input: pids.limit: expected a number, found a string\n"), result);
    }

    [Fact]
    public void AStoppedContainerHasNoLimits()
    {
        psrun.Succeed("kill", id, "KILL");
        string message = "";
        Poll.Until(
            () =>
            {
                CommandResult result = psrun.Run("update", "--pids-limit", "9", id);
                if (result.Code == 1) message = result.Error;
                return message.Length > 0;
            },
            "it has not ended");
        Assert.Equal($"psrun: container '{id}' is stopped: it has no limits to change\n", message);
    }

    private static bool IsUnified => CgroupHost.Mode == "v2";

    private JsonNode Kept() => JsonNode.Parse(File.ReadAllText($"{psrun.Root}/{id}/config.json"))!["linux"]!["resources"]!;

    private string Limit(string controller, string legacy, string unified)
    {
        string path = IsUnified
            ? $"/sys/fs/cgroup/psrun-{id}.scope/{unified}"
            : $"/sys/fs/cgroup/{controller}/psrun-{id}.scope/{legacy}";
        return File.ReadAllText(path).TrimEnd();
    }
}
