using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class HookTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public HookTests() => bundle = new Bundle(psrun, "/bin/sleep", "1000");

    private string Trace => bundle.Path + "/trace";

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void AFailureBeforeStartLeavesNothing(string name)
    {
        Add(name, "echo why >&2; exit 3");
        Add("poststop", HostScript("poststop"));
        Assert.Equal(
            $"hook {name}[0] '/bin/sh': exit code 3: why", psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
        Assert.Equal(["poststop stopped"], Ran());
    }

    [Theory]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void AFailureAtStartStopsTheContainer(string name)
    {
        Add(name, "exit 4", "/bin/sh");
        psrun.Succeed("create", "-b", bundle.Path, id);
        Assert.Equal($"hook {name}[0] '/bin/sh': exit code 4", psrun.Fail(1, "start", id));
        for (int i = 0; i < 100 && Status() != "stopped"; i++) Thread.Sleep(20);
        Assert.Equal("stopped", Status());
        Assert.Equal($"hook {name}[0] '/bin/sh': exit code 4", psrun.Fail(1, "run", "-b", bundle.Path, "r-" + id));
        Assert.Equal([id], psrun.Containers);
    }

    [Fact]
    public void AFailureAfterTheEndIsAWarning()
    {
        Add("poststop", "exit 5");
        Add("poststop", HostScript("second"));
        psrun.Succeed("create", "-b", bundle.Path, id);
        CommandResult result = psrun.Run("delete", id);
        Assert.Equal(0, result.Code);
        Assert.Equal("psrun: warning: hook poststop[0] '/bin/sh': exit code 5\n", result.Error);
        Assert.Equal(["second stopped"], Ran());
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void AHookThatTakesTooLongIsKilled()
    {
        Add("createRuntime", "sleep 1000");
        bundle.Change(static config => config["hooks"]!["createRuntime"]![0]!["timeout"] = 1);
        Assert.Equal(
            "hook createRuntime[0] '/bin/sh': still running after 1 s", psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void AHookHasItsOwnEnvironmentOnly()
    {
        Add("createRuntime", $"env >{Trace}-env");
        bundle.Change(static config => config["hooks"]!["createRuntime"]![0]!["env"] = new JsonArray("ONLY=this"));
        psrun.Succeed("create", "-b", bundle.Path, id);
        string[] names = [.. File.ReadAllLines(Trace + "-env").Select(static l => l.Split('=')[0])];
        Assert.Contains("ONLY", names);
        Assert.DoesNotContain("HOME", names);
    }

    [Fact]
    public void AHookThatIsNotThereIsNamed()
    {
        Add("prestart", "", "/nosuch");
        Assert.Equal(
            "hook prestart[0] '/nosuch': exec '/nosuch': executable file not found in $PATH (ENOENT)",
            psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
    }

    private string HostScript(string name) => $"printf '{name} %s\\n' \"$(cat)\" >>{Trace}";

    private string[] Ran() => File.Exists(Trace)
        ? [.. File.ReadAllLines(Trace).Select(static l => l.Split(' ', 2)).Select(
            static p => $"{p[0]} {JsonNode.Parse(p[1])!["status"]}")]
        : [];

    private string? Status() => (string?)JsonNode.Parse(psrun.Succeed("state", id))!["status"];

    private void Add(string list, string script, string shell = "/bin/sh") => bundle.Change(config =>
    {
        JsonObject hooks = (JsonObject)(config["hooks"] ??= new JsonObject());
        JsonArray items = (JsonArray)(hooks[list] ??= new JsonArray());
        items.Add((JsonNode)new JsonObject
        {
            ["path"] = shell,
            ["args"] = new JsonArray("sh", "-c", script),
            ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
        });
    });
}
