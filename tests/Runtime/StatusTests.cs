using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What <c>state</c> says while others change a container: forward from creating to stopped, and never back.</summary>
public sealed class StatusTests : IDisposable
{
    private static readonly string[] Order = ["creating", "created", "running", "stopped"];
    private const int Enough = 400;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;

    public StatusTests() => bundle = new Bundle(psrun, "/bin/sleep", "1000");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void TheStateNeverGoesBackFromCreateToDelete()
    {
        int polls = 0;
        HashSet<string> seen = [];
        Stopwatch clock = Stopwatch.StartNew();
        while (polls < Enough && clock.Elapsed < Longest)
        {
            string id = Guid.NewGuid().ToString("N");
            polls += Watch(
                id,
                seen,
                () =>
                {
                    psrun.Succeed("create", "-b", bundle.Path, id);
                    Assert.Equal("created", Status(id));
                    psrun.Succeed("start", id);
                    Assert.Equal("running", Status(id));
                    psrun.Succeed("kill", id, "KILL");
                    Poll.Until(() => Status(id) == "stopped", "it has not ended");
                    psrun.Succeed("delete", id);
                });
        }

        Assert.True(polls >= Enough / 4, $"{polls} polls in {clock.Elapsed}");
        Assert.Contains("creating", seen);
    }

    [Fact]
    public void TheStateNeverGoesBackWhileAProgramIsRun()
    {
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("/bin/sleep", "0.02"));
        int polls = 0;
        HashSet<string> seen = [];
        Stopwatch clock = Stopwatch.StartNew();
        while (polls < Enough && clock.Elapsed < Longest)
        {
            string id = Guid.NewGuid().ToString("N");
            polls += Watch(id, seen, () => psrun.Succeed("run", "-b", bundle.Path, id));
        }

        Assert.True(polls >= Enough / 4, $"{polls} polls in {clock.Elapsed}");
        Assert.DoesNotContain("created", seen);
        Assert.Contains("running", seen);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    public void AContainerIsNotRunningBeforeItsProgramIs(string verb)
    {
        string id = Guid.NewGuid().ToString("N");
        string told = bundle.Path + "/told";
        foreach (string list in new[] { "prestart", "createRuntime", "createContainer" })
        {
            // The hook's own descriptors are of the container's creation; its caller holds the lock.
            Hook(list, $"{Psrun.Executable} --root {psrun.Root} state {id} >>{told}; {Psrun.Executable} --root {psrun.Root} list >>{told}");
        }

        bundle.Change(static config => config["process"]!["args"] = new JsonArray("/bin/true"));
        psrun.Succeed(verb, "-b", bundle.Path, id);
        string text = File.ReadAllText(told);
        Assert.Equal(3, text.Split("\"status\": \"creating\"").Length - 1);
        Assert.DoesNotContain("running", text, StringComparison.Ordinal);
        Assert.DoesNotContain("stopped", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AContainerWhoseCreationWasKilledIsStopped()
    {
        string id = Guid.NewGuid().ToString("N");
        string there = bundle.Path + "/there";
        Hook("createRuntime", $"echo $$ >{there}.new; mv {there}.new {there}; exec sleep 1000");
        using Process create = psrun.Start(new CommandOptions(), "create", "-b", bundle.Path, id);
        Poll.Until(() => File.Exists(there), "the hook has not run");
        Assert.Equal("creating", Status(id));
        create.Kill();
        create.WaitForExit();
        using Process hook = Process.GetProcessById(int.Parse(File.ReadAllText(there), CultureInfo.InvariantCulture));
        hook.Kill();
        Poll.Until(() => Status(id) == "stopped", "it is still there");
        psrun.Succeed("delete", id);
    }

    /// <summary>Polls the state in two shells while something goes on; returns how often it was there.</summary>
    private int Watch(string id, HashSet<string> seen, Action action)
    {
        string over = $"{bundle.Path}/over-{id}";
        string loop = $"while [ ! -e {over} ]; do {Psrun.Executable} --root {psrun.Root} state {id}; done";
        Process[] watchers = [.. Enumerable.Range(0, 2).Select(number => Process.Start(
            "/bin/sh", ["-c", $"({loop}) >{over}-out{number} 2>{over}-error{number}"]))];
        try
        {
            action();
        }
        finally
        {
            File.WriteAllText(over, "");
            foreach (Process watcher in watchers)
            {
                Assert.True(watcher.WaitForExit(TimeSpan.FromMinutes(1)), "a poll hangs");
                watcher.Dispose();
            }
        }

        int count = 0;
        for (int number = 0; number < watchers.Length; number++)
        {
            string[] told = [.. File.ReadLines($"{over}-out{number}").Where(static l => l.Contains("\"status\"", StringComparison.Ordinal))
                .Select(static l => l.Split('"')[3])];
            Assert.Equal(told.OrderBy(static s => Array.IndexOf(Order, s)), told);
            Assert.All(
                File.ReadLines($"{over}-error{number}"),
                l => Assert.Equal($"psrun: container '{id}' does not exist", l));
            seen.UnionWith(told);
            count += told.Length;
        }

        return count;
    }

    private string Status(string id) => (string)JsonNode.Parse(psrun.Succeed("state", id))!["status"]!;

    private void Hook(string list, string script) => bundle.Change(config =>
    {
        JsonObject hooks = (JsonObject)(config["hooks"] ??= new JsonObject());
        hooks[list] = new JsonArray(new JsonObject
        {
            ["path"] = "/bin/sh",
            ["args"] = new JsonArray("sh", "-c", script),
            ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
        });
    });
}
