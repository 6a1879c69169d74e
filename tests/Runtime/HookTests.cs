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
        Assert.Equal([.. BeforeStart.Select(static n => n + " created")], Ran());
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
    public void AHookOfTheRuntimeMayMountAtThePathOfTheRoot(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nsenter"), "nsenter is not installed");
        File.WriteAllText(bundle.Path + "/library", "injected");
        string target = bundle.Path + "/rootfs/etc/library";
        Add(name, $"pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/'); grep -c ' /proc ' /proc/$pid/mounts >{Trace}-mounts; "
            + $"touch {target}; nsenter -m -t $pid mount --bind {bundle.Path}/library {target}");
        Process("cat", "/etc/library");
        Assert.Equal("injected", psrun.Succeed("run", "-b", bundle.Path, id));
        Assert.Equal("", File.ReadAllText(target));
        Assert.NotEqual("0\n", File.ReadAllText(Trace + "-mounts"));
    }

    [Fact]
    public void ACreateContainerHookStandsInTheRoot()
    {
        File.WriteAllText(bundle.Path + "/library", "injected");
        Add("createContainer", $"touch ./etc/library && mount --bind {bundle.Path}/library ./etc/library");
        Process("cat", "/etc/library");
        Assert.Equal("injected", psrun.Succeed("run", "-b", bundle.Path, id));
        Assert.Equal("", File.ReadAllText(bundle.Path + "/rootfs/etc/library"));
    }

    private void Process(params string[] command) => bundle.Change(config =>
        config["process"]!["args"] = new JsonArray([.. command.Select(static word => JsonValue.Create(word))]));

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void AFailureBeforeStartLeavesNothing(string name)
    {
        Add(name, "echo why >&2; exit 3");
        Add("poststop", HostScript("poststop"));
        Assert.Equal(
            $"error running {name} hook #0: '/bin/sh': exit code 3: why", psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
        Assert.Equal(["poststop stopped"], Ran());
    }

    [Fact]
    public void WhatAHookPrintsDoesNotKeepAContainer()
    {
        Add("poststop", "yes | head -c 80000000; exit 1", "/bin/sh");
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        psrun.Run("delete", "--force", id);
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void AFailureAtStartDestroysTheContainer(string name)
    {
        Add(name, "exit 4", "/bin/sh");
        Add("poststop", HostScript("poststop"));
        psrun.Succeed("create", "-b", bundle.Path, id);
        int pid = (int)JsonNode.Parse(psrun.Succeed("state", id))!["pid"]!;
        Assert.Equal($"error running {name} hook #0: '/bin/sh': exit code 4", psrun.Fail(1, "start", id));
        Assert.Empty(psrun.Containers);
        Assert.False(File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal));
        Assert.Equal(["poststop stopped"], Ran());
        Assert.Equal($"container '{id}' does not exist", psrun.Fail(1, "state", id));
        Assert.Equal($"error running {name} hook #0: '/bin/sh': exit code 4", psrun.Fail(1, "run", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void AFailureAfterTheEndIsAWarning()
    {
        Add("poststop", "exit 5");
        Add("poststop", HostScript("second"));
        psrun.Succeed("create", "-b", bundle.Path, id);
        CommandResult result = psrun.Run("delete", id);
        Assert.Equal(0, result.Code);
        Assert.Equal("psrun: warning: error running poststop hook #0: '/bin/sh': exit code 5\n", result.Error);
        Assert.Equal(["second stopped"], Ran());
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void AHookThatTakesTooLongIsKilled()
    {
        Add("createRuntime", "exec sleep 1000");
        bundle.Change(static config => config["hooks"]!["createRuntime"]![0]!["timeout"] = 1);
        Assert.Equal(
            "error running createRuntime hook #0: '/bin/sh': still running after 1 s", psrun.Fail(1, "create", "-b", bundle.Path, id));
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
    public void AHookWithoutAnEnvironmentHasItsCallers()
    {
        string[] lists = ["prestart", "createRuntime", "createContainer", "poststart", "poststop"];
        foreach (string list in lists)
        {
            Add(list, $"env >>{Trace}-env; pwd >>{Trace}-env");
            bundle.Change(config => ((JsonObject)config["hooks"]![list]![0]!).Remove("env"));
        }

        CommandOptions options = new() { Environment = { ["OF_THE_CALLER"] = "this one" } };
        Assert.Equal(0, psrun.Run(options, "run", "-d", "-b", bundle.Path, id).Code);
        Assert.Equal(0, psrun.Run(options, "delete", "--force", id).Code);
        string[] lines = File.ReadAllLines(Trace + "-env");
        Assert.Equal(lists.Length, lines.Count(static line => line == "OF_THE_CALLER=this one"));
        Assert.DoesNotContain(lines, static line => line.StartsWith("_PSRUN", StringComparison.Ordinal));
        Assert.Equal(lists.Length - 1, lines.Count(line => line == bundle.Path));
    }

    [Theory]
    [InlineData(null, "HOME=/|IN=container|PATH=/bin")]
    [InlineData("", "HOME=/|IN=container|PATH=/bin")]
    [InlineData("PATH=/bin", "PATH=/bin")]
    public void AHookOfTheContainerHasTheEnvironmentOfTheProgram(string? own, string expected)
    {
        Add("startContainer", "true", "/bin/env");
        bundle.Change(config =>
        {
            config["root"]!["readonly"] = false;
            config["process"]!["env"] = new JsonArray("PATH=/bin", "IN=container");
            JsonObject hook = (JsonObject)config["hooks"]!["startContainer"]![0]!;
            hook["path"] = "/bin/sh";
            hook["args"] = new JsonArray("sh", "-c", "cat /proc/self/environ >/tmp/environment");
            if (own is null) hook.Remove("env");
            else hook["env"] = own.Length == 0 ? new JsonArray() : new JsonArray(own);
        });
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string[] found = [.. File.ReadAllText(bundle.Path + "/rootfs/tmp/environment").TrimEnd('\0').Split('\0')
            .Where(static line => !line.StartsWith("SHLVL=", StringComparison.Ordinal) && !line.StartsWith("PWD=", StringComparison.Ordinal))];
        Assert.Equal(expected.Split('|'), found.Order());
    }

    [Fact]
    public void AHookThatIsNotThereIsNamed()
    {
        Add("prestart", "", "/nosuch");
        Assert.Equal(
            "error running prestart hook #0: '/nosuch': exec '/nosuch': no such file or directory (ENOENT)",
            psrun.Fail(1, "create", "-b", bundle.Path, id));
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AProgramOfTheImageHasNoMoreRightsAsAHookThanAsTheProgram(bool later)
    {
        const string Show = "grep -E '^(CapBnd|CapEff|CapPrm|NoNewPrivs|Seccomp|Uid)' /proc/self/status; "
            + "grep pids /proc/self/cgroup; ulimit -n";
        Add("startContainer", $"({Show}) >/tmp/hook", "/bin/sh");
        bundle.Change(config =>
        {
            config["root"]!["readonly"] = false;
            config["process"]!["user"] = new JsonObject { ["uid"] = 77, ["gid"] = 77 };
            config["process"]!["args"] = new JsonArray("/bin/sh", "-c", $"({Show}) >/tmp/program");
            config["linux"]!["seccomp"] = Filter("chmod");
        });
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/grep", "busybox");
        File.SetUnixFileMode(bundle.Path + "/rootfs/tmp", (UnixFileMode)0x3FF);
        if (later)
        {
            psrun.Succeed("create", "-b", bundle.Path, id);
            psrun.Succeed("start", id);
            Poll.Until(() => Status() == "stopped", "it has not ended");
        }
        else
        {
            psrun.Succeed("run", "-b", bundle.Path, id);
        }

        string hook = File.ReadAllText(bundle.Path + "/rootfs/tmp/hook");
        Assert.Equal(File.ReadAllText(bundle.Path + "/rootfs/tmp/program"), hook);
        Assert.Contains("Seccomp:\t2\n", hook, StringComparison.Ordinal);
        Assert.Contains("Uid:\t77\t", hook, StringComparison.Ordinal);
    }

    [Fact]
    public void AHookInTheContainerIsUnderItsFilter()
    {
        Add("startContainer", "mkdir /tmp/new", "/bin/sh");
        bundle.Change(static config => config["linux"]!["seccomp"] = Filter("mkdir"));
        Assert.StartsWith(
            "error running startContainer hook #0: '/bin/sh': bad system call", psrun.Fail(1, "run", "-b", bundle.Path, id),
            StringComparison.Ordinal);
        Assert.Empty(psrun.Containers);
    }

    private static JsonObject Filter(string forbidden) => new()
    {
        ["defaultAction"] = "SCMP_ACT_ALLOW",
        ["syscalls"] = new JsonArray(new JsonObject
        {
            ["names"] = new JsonArray(forbidden), ["action"] = "SCMP_ACT_KILL_PROCESS",
        }),
    };

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
