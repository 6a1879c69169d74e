using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What <c>state</c> says while others change a container: forward from creating to stopped, and never back.</summary>
public sealed class StatusTests : IDisposable
{
    private static readonly string[] Order = ["creating", "created", "running", "stopped"];
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
        RaceRounds rounds = new();
        while (rounds.Next())
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

        Assert.True(polls > 100, $"{polls} polls in {rounds.Count} rounds");
        Assert.Contains("creating", seen);
    }

    [Fact]
    public void TheStateNeverGoesBackWhileAProgramIsRun()
    {
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("/bin/sleep", "0.02"));
        int polls = 0;
        HashSet<string> seen = [];
        RaceRounds rounds = new();
        while (rounds.Next())
        {
            string id = Guid.NewGuid().ToString("N");
            polls += Watch(id, seen, () => psrun.Succeed("run", "-b", bundle.Path, id));
        }

        Assert.True(polls > 100, $"{polls} polls in {rounds.Count} rounds");
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
        Hook("createRuntime", $"touch {bundle.Path}/there; exec sleep 1000");
        using System.Diagnostics.Process create = psrun.Start(new CommandOptions(), "create", "-b", bundle.Path, id);
        Poll.Until(() => File.Exists(bundle.Path + "/there"), "the hook has not run");
        Assert.Equal("creating", Status(id));
        create.Kill();
        create.WaitForExit();
        Poll.Until(() => Status(id) == "stopped", "it is still there");
        psrun.Succeed("delete", id);
    }

    /// <summary>Polls the state from three threads while something goes on; returns how often it was there.</summary>
    private int Watch(string id, HashSet<string> seen, Action action)
    {
        ConcurrentQueue<string> problems = [];
        ConcurrentQueue<string> all = [];
        using CancellationTokenSource over = new();
        Task[] watchers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                int last = 0;
                while (!over.IsCancellationRequested)
                {
                    CommandResult result = psrun.Run("state", id);
                    if (result.Code != 0)
                    {
                        if (!result.Error.Contains("does not exist", StringComparison.Ordinal)) problems.Enqueue(result.Error);
                        continue;
                    }

                    string status = (string)JsonNode.Parse(result.Output)!["status"]!;
                    all.Enqueue(status);
                    int now = Array.IndexOf(Order, status);
                    if (now < last) problems.Enqueue($"{status} after {Order[last]}");
                    last = now;
                }
            },
            TestContext.Current.CancellationToken))];
        try
        {
            action();
        }
        finally
        {
            over.Cancel();
            Task.WaitAll(watchers, TestContext.Current.CancellationToken);
        }

        Assert.Empty(problems);
        seen.UnionWith(all);
        return all.Count;
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
