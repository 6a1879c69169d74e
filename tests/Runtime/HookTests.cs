using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class HookTests : IDisposable
{
    private static readonly string[] BeforeStart = ["prestart", "createRuntime", "createContainer"];
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

    [Fact]
    public void EveryHookRunsInItsTurnWithTheState()
    {
        foreach (string name in BeforeStart) Add(name, HostScript(name));
        Add("startContainer", $"echo startContainer >/tmp/trace; cat >>/tmp/trace; hostname >>/tmp/trace", "/bin/sh");
        Add("poststart", HostScript("poststart"));
        Add("poststop", HostScript("poststop"));
        bundle.Change(static config => config["root"]!["readonly"] = false);
        bundle.Change(static config => config["annotations"] = new JsonObject { ["org.example/x"] = "y" });

        psrun.Succeed("create", "-b", bundle.Path, id);
        Assert.Equal([.. BeforeStart.Select(static n => n + " creating")], Ran());
        string pid = ((int)JsonNode.Parse(psrun.Succeed("state", id))!["pid"]!).ToString(
            System.Globalization.CultureInfo.InvariantCulture);
        JsonNode state = JsonNode.Parse(File.ReadLines(Trace).First().Split(' ', 2)[1])!;
        Assert.Equal(id, (string?)state["id"]);
        Assert.Equal(pid, state["pid"]!.ToJsonString());
        Assert.Equal(bundle.Path, (string?)state["bundle"]);
        Assert.Equal("y", (string?)state["annotations"]!["org.example/x"]);

        psrun.Succeed("start", id);
        Assert.Equal("poststart running", Ran()[^1]);
        string[] inside = File.ReadAllLines(bundle.Path + "/rootfs/tmp/trace");
        Assert.Equal("startContainer", inside[0]);
        Assert.Contains("\"status\":\"created\"", inside[1], StringComparison.Ordinal);

        psrun.Succeed("delete", "-f", id);
        Assert.Equal("poststop stopped", Ran()[^1]);
        Assert.Equal(5, Ran().Length);
    }

    [Fact]
    public void HooksRunWhereTheSpecificationSays()
    {
        const string Show = "readlink /proc/self/ns/net; grep -c /proc/bus /proc/self/mounts";
        Add("createRuntime", $"({Show}) >{Trace}-createRuntime; true");
        Add("createContainer", $"({Show}) >{Trace}-createContainer");
        psrun.Succeed("create", "-b", bundle.Path, id);
        string pid = JsonNode.Parse(psrun.Succeed("state", id))!["pid"]!.ToJsonString();
        string host = new FileInfo("/proc/self/ns/net").LinkTarget!;
        string container = new FileInfo($"/proc/{pid}/ns/net").LinkTarget!;
        Assert.NotEqual(host, container);
        Assert.Equal(host, File.ReadLines(Trace + "-createRuntime").First());
        Assert.Equal([container, "1"], File.ReadAllLines(Trace + "-createContainer"));
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
