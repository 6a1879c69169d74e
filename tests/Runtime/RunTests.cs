using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly string id = Guid.NewGuid().ToString("N");

    public void Dispose() => psrun.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", 137)]
    public void TheExitCodeIsTheProgrammes(string script, int code)
    {
        using Bundle bundle = new(psrun, "/bin/sh", "-c", script);
        bundle.Change(static config => Remove(config, "pid"));
        CommandResult result = psrun.Run("run", "--bundle", bundle.Path, id);
        Assert.Equal(new CommandResult(code, "", ""), result);
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void StreamsGoThrough()
    {
        using Bundle bundle = new(psrun, "/bin/sh", "-c", "cat; echo error >&2; echo out");
        CommandResult result = psrun.Run(new CommandOptions { Input = "typed\n" }, "run", "-b", bundle.Path, id);
        Assert.Equal(new CommandResult(0, "typed\nout\n", "error\n"), result);
    }

    [Fact]
    public void TheBundleIsTheCurrentDirectoryUnlessGiven()
    {
        using Bundle bundle = new(psrun, "/bin/echo", "here");
        Assert.Equal("here\n", psrun.Run(new CommandOptions { Directory = bundle.Path }, "run", id).Output);
        Assert.Equal(
            "here\n", psrun.Run(new CommandOptions { Directory = "/tmp" }, "run", "-b", "." + bundle.Path[4..], id).Output);
    }

    [Fact]
    public void TheContainerIsIsolated()
    {
        using Bundle bundle = new(
            psrun, "/bin/sh", "-c", "echo pid $$; cat /proc/sys/kernel/hostname; ls /; echo x > /x; id -u; ls /proc/self/fd");
        CommandResult result = psrun.Run("run", "-b", bundle.Path, id);
        Assert.Equal(
            ["pid 1", "psrun", "bin", "dev", "etc", "proc", "sys", "tmp", "0", "0", "1", "2", "3"],
            result.Output.TrimEnd().Split('\n'));
        Assert.Contains("Read-only file system", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepKeepsTheStoppedContainer()
    {
        using Bundle bundle = new(psrun, "/bin/true");
        psrun.Succeed("run", "--keep", "-b", bundle.Path, id);
        Assert.Equal("stopped", (string?)JsonNode.Parse(psrun.Succeed("state", id))!["status"]);
        Assert.Equal($"container '{id}' is stopped, not created", psrun.Fail(1, "start", id));
        psrun.Succeed("delete", id);
    }

    [Fact]
    public void WithoutCgroupsNoneIsMade()
    {
        using Bundle bundle = new(psrun, "/bin/sleep", "1000");
        bundle.Change(static config => ((JsonArray)config["linux"]!["namespaces"]!).Add(
            (JsonNode)new JsonObject { ["type"] = "cgroup" }));
        CommandOptions disabled = new() { Global = ["--cgroup-manager", "disabled"] };
        Assert.Equal(0, psrun.Run(disabled, "run", "-d", "-b", bundle.Path, id).Code);
        Assert.Equal("running", (string?)JsonNode.Parse(psrun.Succeed("state", id))!["status"]);
        Assert.Equal(
            $"container '{id}' has no cgroup and cannot be paused", psrun.Fail(1, "pause", id));
        Assert.Equal(0, psrun.Run("exec", id, "/bin/true").Code);
        psrun.Succeed("delete", "-f", id);
    }

    [Fact]
    public void SignalsArePassedOn()
    {
        using Bundle bundle = new(
            psrun, "/bin/sh", "-c", "trap 'echo got; exit 3' TERM; echo up; while :; do sleep 0.05; done");
        using System.Diagnostics.Process run = psrun.Start(new CommandOptions(), "run", "-b", bundle.Path, id);
        Assert.Equal("up", run.StandardOutput.ReadLine());
        using System.Diagnostics.Process kill = System.Diagnostics.Process.Start(
            "kill", ["-TERM", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        CommandResult result = Psrun.Finish(run);
        Assert.Equal(new CommandResult(3, "got\n", ""), result);
    }

    [Fact]
    public void DescriptorsArePreservedWhenAsked()
    {
        using Bundle bundle = new(psrun, "/bin/sh", "-c", "cat <&4; echo $LISTEN_FDS-$LISTEN_PID");
        string script = $"exec 3</dev/null 4<<<from-outside; exec '{Psrun.Executable}' --root '{psrun.Root}' " +
            $"run --preserve-fds 2 -b '{bundle.Path}' {id}";
        Assert.Equal("from-outside\n-\n", Shell(script));
        string activation = $"exec 3</dev/null 4<<<activated; LISTEN_FDS=2 LISTEN_PID=$$ exec '{Psrun.Executable}' " +
            $"--root '{psrun.Root}' run -b '{bundle.Path}' {id}";
        Assert.Equal("activated\n2-1\n", Shell(activation));
        Assert.Matches(
            @"^--preserve-fds 900: descriptor \d+ is not open$",
            psrun.Fail(1, "run", "--preserve-fds", "900", "-b", bundle.Path, id));
    }

    private static string Shell(string script)
    {
        using System.Diagnostics.Process bash = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return output;
    }

    private static void Remove(JsonObject config, string type)
    {
        JsonArray namespaces = (JsonArray)config["linux"]!["namespaces"]!;
        namespaces.Remove(namespaces.First(n => (string?)n!["type"] == type));
    }
}
