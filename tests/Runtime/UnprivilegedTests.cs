using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>psrun for a user who is not root: no cgroup of its own, one mapped id, state in XDG_RUNTIME_DIR.</summary>
public sealed class UnprivilegedTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;

    public UnprivilegedTests()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/runuser"), "runuser is not installed");
        bundle = new Bundle(psrun, "/bin/true");
        File.Copy(Psrun.Executable, bundle.Path + "/psrun");
        File.Delete(bundle.Configuration);
        Directory.CreateDirectory(bundle.Path + "/run");
        Shell("root", $"chown -R nobody '{bundle.Path}'");
        CommandResult written = Shell("nobody", "./psrun spec --rootless");
        Assert.SkipWhen(written.Code == 126, "nobody cannot execute files below the temporary directory");
        Assert.Equal(0, written.Code);
        CommandResult allowed = Shell("nobody", "unshare -U true");
        Assert.SkipWhen(allowed.Code != 0, "this host forbids user namespaces to users");
    }

    public void Dispose()
    {
        Shell("nobody", "for id in $(./psrun list -q); do ./psrun delete -f $id; done");
        bundle.Dispose();
        psrun.Dispose();
    }

    [Fact]
    public void AContainerRunsAsRootOfItsOwnNamespace()
    {
        SetCommand("sh", "-c", "id -u; cat /proc/self/uid_map; exit 5");
        CommandResult result = Shell("nobody", "./psrun run c");
        Assert.Equal("", result.Error);
        Assert.Equal(5, result.Code);
        string[] words = result.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "0", "65534", "1"], words);
        Assert.Equal("", Shell("nobody", "./psrun list -q").Output);
    }

    [Fact]
    public void ALifeWithoutACgroup()
    {
        SetCommand("sleep", "1000");
        Assert.Equal(0, Shell("nobody", "./psrun run -d c").Code);
        Assert.True(Directory.Exists(bundle.Path + "/run/psrun/c"));
        JsonNode state = JsonNode.Parse(Shell("nobody", "./psrun state c").Output)!;
        Assert.Equal(("running", "nobody"), ((string?)state["status"], (string?)state["owner"]));
        Assert.Equal(new CommandResult(0, "0\n", ""), Shell("nobody", "./psrun exec c id -u"));
        Assert.Equal(0, Shell("nobody", "./psrun kill c KILL").Code);
        Assert.Equal(0, Shell("nobody", "sleep 0.3; ./psrun delete c").Code);
    }

    private void SetCommand(params string[] command) => bundle.Change(config =>
    {
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. command.Select(static c => JsonValue.Create(c))]);
    });

    private CommandResult Shell(string user, string script)
    {
        string streams = bundle.Path + "/run/" + Guid.NewGuid().ToString("N");
        string redirected = $"export XDG_RUNTIME_DIR='{bundle.Path}/run'; cd '{bundle.Path}'; " +
            $"( {script} ) </dev/null >'{streams}.out' 2>'{streams}.err'";
        using Process process = Process.Start("/usr/sbin/runuser", ["-u", user, "--", "sh", "-c", redirected]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return new CommandResult(
            process.ExitCode, File.ReadAllText(streams + ".out"), File.ReadAllText(streams + ".err"));
    }
}
