using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>
/// psrun for a user who is not root: no cgroup of its own, one mapped id, state in XDG_RUNTIME_DIR. Root takes nobody.
/// </summary>
public sealed class UnprivilegedTests : IDisposable
{
    private static readonly string User = Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName;

    private readonly Psrun psrun = new(anyUser: true);
    private readonly Bundle bundle;

    public UnprivilegedTests()
    {
        Assert.SkipWhen(
            Environment.IsPrivilegedProcess && !File.Exists("/usr/sbin/runuser"), "runuser is not installed");
        bundle = new Bundle(psrun, "/bin/true");
        File.Copy(Psrun.Executable, bundle.Path + "/psrun");
        File.Delete(bundle.Configuration);
        Directory.CreateDirectory(bundle.Path + "/run");
        if (Environment.IsPrivilegedProcess) Assert.Equal(0, Start("chown", "-R", User, bundle.Path));
        CommandResult written = Shell("./psrun spec --rootless");
        Assert.SkipWhen(written.Code == 126, $"{User} cannot execute files below the temporary directory");
        Assert.Equal(0, written.Code);
        CommandResult allowed = Shell("unshare -U true");
        Assert.SkipWhen(allowed.Code != 0, "this host forbids user namespaces to users");
    }

    public void Dispose()
    {
        Shell("for id in $(./psrun list -q); do ./psrun delete -f $id; done");
        bundle.Dispose();
        psrun.Dispose();
    }

    [Fact]
    public void AContainerRunsAsRootOfItsOwnNamespace()
    {
        SetCommand("sh", "-c", "id -u; cat /proc/self/uid_map; exit 5");
        CommandResult result = Shell("./psrun run c");
        Assert.Equal("", result.Error);
        Assert.Equal(5, result.Code);
        string[] words = result.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "0", Shell("id -u").Output.Trim(), "1"], words);
        Assert.Equal("", Shell("./psrun list -q").Output);
    }

    [Fact]
    public void ALifeWithoutACgroup()
    {
        SetCommand("sleep", "1000");
        Assert.Equal(0, Shell("./psrun run -d c").Code);
        Assert.True(Directory.Exists(bundle.Path + "/run/psrun/c"));
        JsonNode state = JsonNode.Parse(Shell("./psrun state c").Output)!;
        Assert.Equal(("running", User), ((string?)state["status"], (string?)state["owner"]));
        Assert.Equal(new CommandResult(0, "0\n", ""), Shell("./psrun exec c id -u"));
        Assert.Equal(0, Shell("./psrun kill c KILL").Code);
        Poll.Until(() => Shell("./psrun state c | grep -q stopped").Code == 0, "it does not end");
        Assert.Equal(0, Shell("./psrun delete c").Code);
    }

    [Fact]
    public void PipesOfTheUserAreTheContainers()
    {
        SetCommand("sh", "-c", "cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr");
        Assert.Equal(new CommandResult(0, "in\nout\nerr\n", ""), Shell("echo in | ./psrun run c 2>&1 | cat"));
    }

    private void SetCommand(params string[] command) => bundle.Change(config =>
    {
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. command.Select(static c => JsonValue.Create(c))]);
    });

    private CommandResult Shell(string script)
    {
        string streams = bundle.Path + "/run/" + Guid.NewGuid().ToString("N");
        string redirected = $"export XDG_RUNTIME_DIR='{bundle.Path}/run'; cd '{bundle.Path}'; " +
            $"( {script} ) </dev/null >'{streams}.out' 2>'{streams}.err'";
        int code = Environment.IsPrivilegedProcess
            ? Start("/usr/sbin/runuser", "-u", User, "--", "sh", "-c", redirected)
            : Start("sh", "-c", redirected);
        return new CommandResult(code, File.ReadAllText(streams + ".out"), File.ReadAllText(streams + ".err"));
    }

    private static int Start(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        Assert.True(process.WaitForExit(Poll.Patience));
        return process.ExitCode;
    }
}
