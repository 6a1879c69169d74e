using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class LifecycleTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public LifecycleTests() => bundle = new Bundle(psrun, "/bin/sleep", "1000");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void AContainerIsCreatedStartedPausedResumedKilledAndDeleted()
    {
        string pidFile = bundle.Path + "/pid";
        psrun.Succeed("create", "--bundle", bundle.Path, "--pid-file", pidFile, id);
        JsonNode state = State();
        Assert.Equal("created", (string?)state["status"]);
        Assert.Equal(File.ReadAllText(pidFile), ((int)state["pid"]!).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(bundle.Path, (string?)state["bundle"]);
        Assert.Equal(bundle.Path + "/rootfs", (string?)state["rootfs"]);
        Assert.Equal("1.0.2", (string?)state["ociVersion"]);
        Assert.Equal("root", (string?)state["owner"]);
        Assert.Contains("psrun", CommandLine(state), StringComparison.Ordinal);

        psrun.Succeed("start", id);
        Assert.Equal("running", Status());
        Assert.Equal("/bin/sleep\01000\0", CommandLine(state));
        Assert.Equal($"container '{id}' is running, not created", psrun.Fail(1, "start", id));

        psrun.Succeed("pause", id);
        Assert.Equal("paused", Status());
        Assert.Equal($"container '{id}' is paused, not running", psrun.Fail(1, "pause", id));
        psrun.Succeed("resume", id);
        Assert.Equal("running", Status());
        Assert.Equal($"container '{id}' is not paused", psrun.Fail(1, "resume", id));

        Assert.Equal($"container '{id}' is running: stop it, or use --force", psrun.Fail(1, "delete", id));
        psrun.Succeed("kill", id, "KILL");
        WaitFor("stopped");
        Assert.Equal(0, (int)State()["pid"]!);
        Assert.Equal($"'{id}': container not running", psrun.Fail(1, "kill", id, "9"));
        psrun.Succeed("delete", id);
        Assert.Empty(psrun.Containers);
        Assert.Equal($"container '{id}' does not exist", psrun.Fail(1, "delete", id));
        psrun.Succeed("delete", "--force", id);
    }

    [Fact]
    public void ACreatedContainerCanBeDeleted()
    {
        psrun.Succeed("create", "-b", bundle.Path, id);
        int pid = (int)State()["pid"]!;
        psrun.Succeed("delete", id);
        Assert.Empty(psrun.Containers);
        Assert.False(IsAlive(pid));
    }

    [Fact]
    public void ARunningContainerCanBeDeletedByForce()
    {
        psrun.Succeed("run", "--detach", "-b", bundle.Path, id);
        int pid = (int)State()["pid"]!;
        psrun.Succeed("pause", id);
        psrun.Succeed("delete", "-f", id);
        Assert.False(IsAlive(pid));
        Assert.Empty(CgroupsOf(id));
    }

    [Theory]
    [InlineData("kill", false)]
    [InlineData("kill", true)]
    [InlineData("delete", false)]
    [InlineData("delete", true)]
    public void KillReachesEveryProcessInThePidNamespaceOfTheHost(string verb, bool byPath)
    {
        string file = bundle.Path + "/rootfs/tmp/pid";
        bundle.Change(config =>
        {
            config["root"]!["readonly"] = false;
            config["process"]!["args"] = new JsonArray("/bin/sh", "-c", "sleep 1000 & echo $! >/tmp/new; busybox mv /tmp/new /tmp/pid; wait");
            JsonArray namespaces = (JsonArray)config["linux"]!["namespaces"]!;
            namespaces.Remove(namespaces.First(static n => (string)n!["type"]! == "pid"));
            if (byPath) namespaces.Add((JsonNode)new JsonObject { ["type"] = "pid", ["path"] = $"/proc/{Environment.ProcessId}/ns/pid" });
        });
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        Poll.Until(() => File.Exists(file), "the program has not run");
        int other = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        int first = (int)State()["pid"]!;
        Assert.True(IsAlive(other));
        if (verb == "kill") psrun.Succeed("kill", id, "KILL");
        else psrun.Succeed("delete", "-f", id);
        Poll.Until(() => !IsAlive(other) && !IsAlive(first), "one is left");
        if (verb == "kill") psrun.Succeed("delete", id);
        Assert.Empty(CgroupsOf(id));
    }

    [Fact]
    public void WhatTheFirstProcessLeavesBehindCanBeKilled()
    {
        string file = bundle.Path + "/rootfs/tmp/pid";
        bundle.Change(config =>
        {
            config["root"]!["readonly"] = false;
            config["process"]!["args"] = new JsonArray("/bin/sh", "-c", "sleep 1000 & echo $! >/tmp/new; busybox mv /tmp/new /tmp/pid");
            JsonArray namespaces = (JsonArray)config["linux"]!["namespaces"]!;
            namespaces.Remove(namespaces.First(static n => (string)n!["type"]! == "pid"));
        });
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        WaitFor("stopped");
        int other = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        Assert.Equal($"'{id}': container not running", psrun.Fail(1, "kill", id, "TERM"));
        Assert.True(IsAlive(other));
        psrun.Succeed("kill", id, "9");
        Poll.Until(() => !IsAlive(other), "it is left");
        Assert.Equal($"'{id}': container not running", psrun.Fail(1, "kill", id, "9"));
    }

    [Fact]
    public void AnIdCanBeTakenOnce()
    {
        psrun.Succeed("create", "-b", bundle.Path, id);
        int pid = (int)State()["pid"]!;
        Assert.Equal($"container '{id}' already exists", psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Equal($"container '{id}' already exists", psrun.Fail(1, "run", "-b", bundle.Path, id));
        Assert.Equal(pid, (int)State()["pid"]!);
        Assert.Equal("created", Status());
    }

    [Fact]
    public async Task OfManyWhoTakeAnIdAtOnceOneGetsIt()
    {
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => psrun.Run("create", "-b", bundle.Path, id))));
        Assert.Single(results, static r => r.Code == 0);
        Assert.All(
            results.Where(static r => r.Code != 0),
            r => Assert.Equal($"psrun: container '{id}' already exists\n", r.Error));
        Assert.Equal("created", Status());
    }

    [Fact]
    public void AReusedPidIsNeverSignalled()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string path = $"{psrun.Root}/{id}/state.json";
        string original = File.ReadAllText(path);
        JsonNode state = JsonNode.Parse(original)!;
        int pid = (int)state["pid"]!;

        // As if this container's process had ended and its pid were another's by now.
        state["pidStartTime"] = (ulong)state["pidStartTime"]! - 1;
        File.WriteAllText(path, state.ToJsonString());
        Assert.Equal("stopped", Status());
        Assert.Equal($"'{id}': container not running", psrun.Fail(1, "kill", id, "KILL"));
        Assert.True(IsAlive(pid));
        File.WriteAllText(path, original);
        Assert.Equal("running", Status());
    }

    [Fact]
    public void TheRemainsOfAKilledCreateAreTakenAway()
    {
        Directory.CreateDirectory($"{psrun.Root}/{id}", Private);
        File.WriteAllText($"{psrun.Root}/{id}/lock", "");
        File.WriteAllText($"{psrun.Root}/{id}/config.json", "{}");
        Assert.Equal("", psrun.Succeed("list", "-q"));
        psrun.Succeed("delete", "--force", id);
        Assert.Empty(psrun.Containers);

        Directory.CreateDirectory($"{psrun.Root}/{id}", Private);
        psrun.Succeed("create", "-b", bundle.Path, id);
        Assert.Equal("created", Status());
    }

    [Theory]
    [InlineData("15", 143)]
    [InlineData("TERM", 143)]
    [InlineData("SIGKILL", 137)]
    [InlineData("usr1", 138)]
    [InlineData("RTMIN+1", 163)]
    public void SignalsHaveTheirNames(string signal, int code)
    {
        bundle.Change(static config =>
        {
            // The first process of a pid namespace gets only the signals it handles.
            JsonArray namespaces = (JsonArray)config["linux"]!["namespaces"]!;
            namespaces.Remove(namespaces.First(static n => (string?)n!["type"] == "pid"));
        });
        using System.Diagnostics.Process run = psrun.Start(new CommandOptions(), "run", "-b", bundle.Path, id);
        WaitFor("running");
        psrun.Succeed("kill", id, signal);
        Assert.Equal(code, Psrun.Finish(run).Code);
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void KillAllReachesEveryProcess()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        psrun.Succeed("exec", "-d", id, "/bin/sleep", "2000");
        Assert.Equal(2, Pids().Length);
        psrun.Succeed("kill", "--all", id, "9");
        WaitFor("stopped");
        Assert.Empty(Pids());
        psrun.Succeed("kill", "--all", id, "9");
    }

    [Fact]
    public void ListShowsWhatThereIs()
    {
        psrun.Succeed("create", "-b", bundle.Path, "b-" + id);
        psrun.Succeed("run", "-d", "-b", bundle.Path, "a-" + id);
        Assert.Equal($"a-{id}\nb-{id}\n", psrun.Succeed("list", "-q"));
        JsonArray list = (JsonArray)JsonNode.Parse(psrun.Succeed("list", "--format", "json"))!;
        Assert.Equal(["running", "created"], list.Select(static n => (string?)n!["status"]));
        string[] table = psrun.Succeed("list").Split('\n');
        Assert.Equal(
            ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"],
            table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"a-{id}   ", table[1], StringComparison.Ordinal);
        Assert.Equal(4, table.Length);
    }

    [Fact]
    public void PsShowsTheProcessesOfTheContainer()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        Assert.Equal([(int)State()["pid"]!], Pids());
        Assert.SkipUnless(File.Exists("/bin/ps"), "ps is not installed");
        string[] table = psrun.Succeed("ps", id).TrimEnd().Split('\n');
        Assert.Equal(2, table.Length);
        Assert.EndsWith("/bin/sleep 1000", table[1], StringComparison.Ordinal);
        Assert.Equal("PID COMMAND", string.Join(' ', psrun.Succeed("ps", id, "-eo", "pid,comm").Split('\n')[0]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static string[] CgroupsOf(string id) => Directory.GetDirectories(
        "/sys/fs/cgroup", $"psrun-{id}.scope", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 });

    private static string CommandLine(JsonNode state) => File.ReadAllText($"/proc/{state["pid"]}/cmdline");

    // A process whose parent has not noticed yet is a zombie.
    private static bool IsAlive(int pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private JsonNode State() => JsonNode.Parse(psrun.Succeed("state", id))!;

    private string? Status() => (string?)State()["status"];

    private int[] Pids() => [.. ((JsonArray)JsonNode.Parse(psrun.Succeed("ps", "--format", "json", id))!)
        .Select(static p => (int)p!)];

    private void WaitFor(string status) => Poll.Until(
        () => psrun.Run("state", id) is { Code: 0 } result
            && (string?)JsonNode.Parse(result.Output)!["status"] == status,
        $"the container is not {status}");
}
