using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class EventsTests : IDisposable
{
    private const string Unified = "/sys/fs/cgroup/cgroup.controllers";
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public EventsTests()
    {
        bundle = new Bundle(psrun, "/bin/sleep", "1000");
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/tail", "busybox");
        bundle.Change(config => config["linux"]!["resources"] = JsonNode.Parse(
            """{"memory":{"limit":16777216,"swap":16777216},"pids":{"limit":50}}"""));
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void StatisticsAreThoseOfRunc()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        JsonNode line = JsonNode.Parse(psrun.Succeed("events", "--stats", id))!;
        Assert.Equal("stats", (string?)line["type"]);
        Assert.Equal(id, (string?)line["id"]);
        JsonNode data = line["data"]!;
        Assert.True((long)data["cpu"]!["usage"]!["total"]! > 0);
        Assert.True((long)data["memory"]!["usage"]!["usage"]! > 0);
        Assert.Equal(16777216, (long)data["memory"]!["usage"]!["limit"]!);
        Assert.Equal(1, (int)data["pids"]!["current"]!);
        Assert.Equal(50, (int)data["pids"]!["limit"]!);
        if (HasProcessorSets) Assert.NotEmpty((JsonArray)data["cpuset"]!["cpus"]!);
        Assert.NotEmpty((JsonObject)data["memory"]!["raw"]!);
        Assert.Empty((JsonArray)data["network_interfaces"]!);
        foreach (string part in new[] { "blkio", "hugetlb", "intel_rdt" }) Assert.NotNull(data[part]);
    }

    [Fact]
    public void StatisticsComeAtIntervalsUntilTheContainerEnds()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        using Process events = psrun.Start(new CommandOptions(), "events", "--interval", "1ms", id);
        for (int i = 0; i < 3; i++)
            Assert.StartsWith("{\"type\":\"stats\"", ReadLine(events), StringComparison.Ordinal);
        psrun.Succeed("kill", id, "KILL");
        CommandResult rest = Psrun.Finish(events);
        Assert.Equal(0, rest.Code);
        Assert.Equal("", rest.Error);
    }

    [Fact]
    public void ALackOfMemoryIsTold()
    {
        bundle.Change(config => config["process"]!["args"] = new JsonArray("sh", "-c", "cat; tail /dev/zero; sleep 1000"));
        using Process run = psrun.Start(new CommandOptions(), "run", "-b", bundle.Path, id);
        Poll.Until(
            () => psrun.Run("state", id).Output.Contains("\"running\"", StringComparison.Ordinal), "it does not run");
        using Process events = psrun.Start(new CommandOptions(), "events", "--interval", "1h", id);
        Poll.Until(() => IsWatching(events.Id), "nobody watches it");
        run.StandardInput.Close();
        Assert.Equal($$"""{"type":"oom","id":"{{id}}"}""", ReadLine(events));
        psrun.Succeed("kill", id, "KILL");
        Assert.Equal(0, Psrun.Finish(events).Code);
        Assert.Equal(137, Psrun.Finish(run).Code);
    }

    [Theory]
    [InlineData("--interval: '5' is not a time such as 5s or 1m30s", "--interval", "5")]
    [InlineData("--interval: '0s' is not a time such as 5s or 1m30s", "--interval", "0s")]
    [InlineData("--interval: '-1s' is not a time such as 5s or 1m30s", "--interval", "-1s")]
    [InlineData("container 'nosuch' does not exist", "--stats")]
    public void MistakesAreNamed(string message, params string[] options) =>
        Assert.Equal(message, psrun.Fail(1, ["events", .. options, "nosuch"]));

    // The kernel of the v2 guest has none.
    private static bool HasProcessorSets =>
        !File.Exists(Unified) || File.ReadAllText(Unified).Split([' ', '\n']).Contains("cpuset");

    private static string? ReadLine(Process process)
    {
        Task<string?> line = process.StandardOutput.ReadLineAsync();
        if (line.Wait(Poll.Patience)) return line.Result;
        process.Kill();
        return null;
    }

    // Its descriptor for the notice is there.
    private static bool IsWatching(int pid) => Directory.GetFiles($"/proc/{pid}/fd")
        .Select(static f => new FileInfo(f).LinkTarget ?? "")
        .Any(static t => t.Contains("eventfd", StringComparison.Ordinal) || t.Contains("inotify", StringComparison.Ordinal));
}
