using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class DebugTests : IDisposable
{
    private const string Secret = "a-secret-nobody-may-read";
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public DebugTests()
    {
        bundle = new Bundle(psrun, "sh", "-c", "exit 3", Secret);
        bundle.Change(config =>
        {
            config["process"]!["env"] = new JsonArray("PATH=/bin", "PASSWORD=" + Secret);
            config["annotations"] = new JsonObject { ["key"] = Secret };
        });
    }

    private string File => bundle.Path + "/log";

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void LinesOfTextSayWhatIsDone()
    {
        Assert.Equal(new CommandResult(3, "", ""), Run("--debug", "--log", File));
        string[] lines = System.IO.File.ReadAllLines(File);
        Assert.All(lines, static line => Assert.Matches(
            @"^time=""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"" level=debug msg="".+""$", line));
        string[] messages = [.. lines.Select(static line => Regex.Match(line, "msg=\"(.*)\"$").Groups[1].Value)];
        Assert.Matches($@"^psrun \S+: run {id}$", messages[0]);
        Assert.Matches($@"^{bundle.Path}/config.json: version \S+, 7 mounts, root rootfs$", messages[1]);
        Assert.Contains(messages, static m => Regex.IsMatch(m, @"^cgroup /psrun-\S+ by cgroupfs on a \w+ host$"));
        Assert.Contains(messages, static m => Regex.IsMatch(m, @"^nsexec container setup: process \d+ made, \d+ operations to carry out$"));
        Assert.Contains(messages, static m => Regex.IsMatch(m, @"^init: closing the pipe to signal completion: process \d+ runs its program$"));
        Assert.Contains("the program ended with 3", messages);
        Assert.Contains($"{psrun.Root}/{id} removed", messages);
        Assert.Equal("run: exit code 3", messages[^1]);
    }

    [Fact]
    public void ExecSaysItInTheWordsOfRunc()
    {
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("sleep", "1000"));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        CommandResult result = psrun.Run(new CommandOptions { Global = ["--debug", "--log", File] }, "exec", id, "true");
        Assert.Equal(new CommandResult(0, "", ""), result);
        string log = System.IO.File.ReadAllText(File);
        foreach (string words in new[] { "nsexec container setup: ", "child process in init(): ", "setns_init: about to exec: " })
            Assert.Contains(words, log, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfJsonHaveTheMembersOfRunc()
    {
        Assert.Equal(3, Run("--debug", "--log-format", "json", "--log", File).Code);
        foreach (string line in System.IO.File.ReadAllLines(File))
        {
            JsonObject entry = (JsonObject)JsonNode.Parse(line)!;
            Assert.Equal(["level", "msg", "time"], entry.Select(static member => member.Key));
            Assert.Equal("debug", (string?)entry["level"]);
        }
    }

    [Fact]
    public void WithoutAFileTheyGoToStandardError() =>
        Assert.All(
            Run("--debug").Error.TrimEnd('\n').Split('\n'),
            static line => Assert.Contains("Z\" level=debug msg=\"", line, StringComparison.Ordinal));

    [Fact]
    public void WithoutTheOptionThereAreNone()
    {
        Assert.Equal(new CommandResult(3, "", ""), Run("--log", File));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void NoneOfThemTellsASecret()
    {
        string[] debug = ["--debug", "--log", File];
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("sh", "-c", "sleep 1000", Secret));
        CommandOptions options = new() { Global = debug };
        Assert.Equal(0, psrun.Run(options, "create", "-b", bundle.Path, id).Code);
        Assert.Equal(0, psrun.Run(options, "start", id).Code);
        Assert.Equal(0, psrun.Run(options, "exec", "-e", "TOKEN=" + Secret, id, "echo", "-n").Code);
        Assert.Equal(0, psrun.Run(options, "exec", id, "echo", Secret).Code);
        Assert.Equal(0, psrun.Run(options, "kill", id, "KILL").Code);
        Assert.Equal(0, psrun.Run(options, "delete", "--force", id).Code);
        string log = System.IO.File.ReadAllText(File);
        foreach (string message in new[] { "waits for start", "runs its program", "signal 9 to the first process" })
            Assert.Contains(message, log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }

    private CommandResult Run(params string[] global) =>
        psrun.Run(new CommandOptions { Global = global }, "run", "-b", bundle.Path, id);
}
