using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>
/// What changes the host too much for a host somebody uses: services and a user of their own. The guest of
/// tests/Conformance/uml/systemd.sh has both, and is gone afterwards.
/// </summary>
public sealed class SystemdGuestTests : ConfigTest
{
    private const string User = "4711";
    private const string Ready = "ln -s $NOTIFY_SOCKET /dev/log; logger \"$(printf 'x\\nREADY=1')\"; exec sleep 1000";

    private static bool IsGuest => Environment.GetEnvironmentVariable("PSRUN_SYSTEMD_GUEST") is { Length: > 0 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AServiceIsReadyWhenItsContainerIs(bool detached)
    {
        Assert.SkipUnless(IsGuest, "not in the guest of tests/Conformance/uml/systemd.sh");
        foreach (string name in new[] { "ln", "logger" }) File.CreateSymbolicLink($"{Rootfs}/bin/{name}", "busybox");
        Directory.CreateDirectory(Rootfs + "/run");
        Save("/bin/sh", "-c", Ready);
        string unit = $"notify-{Id}";
        string[] detach = detached ? ["--detach"] : [];

        // It returns when the service is ready.
        SecurityBundle.Execute(
            "systemd-run",
            ["--unit", unit, "--service-type=notify", "-p", "TimeoutStartSec=60", Psrun.Executable, "--root", Psrun.Root,
                "run", .. detach, "-b", Bundle.Path, Id],
            0);
        Dictionary<string, string> properties = Show(unit, "ActiveState,SubState,MainPID,ExecMainPID");
        Assert.Equal("active", properties["ActiveState"]);
        Assert.Equal("running", properties["SubState"]);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        if (detached) Assert.Equal(pid, properties["MainPID"]);
        else Assert.Contains("psrun", File.ReadAllText($"/proc/{properties["MainPID"]}/cmdline"), StringComparison.Ordinal);

        // The end of the container is that of the service.
        Psrun.Succeed("kill", Id, "KILL");
        Poll.Until(
            () => Show(unit, "ActiveState")["ActiveState"] is "failed" or "inactive", "the unit has not ended");
        SecurityBundle.Execute("systemctl", ["reset-failed", unit]);
    }

    [Fact]
    public void AUsersOwnManagerMakesTheScope()
    {
        Assert.SkipUnless(IsGuest, "not in the guest of tests/Conformance/uml/systemd.sh");

        // The host's files are those of whoever runs the guest.
        Assert.SkipUnless(CanRead("/etc/shadow"), "making a user in the guest needs root, who may read the accounts");
        SecurityBundle.Execute("useradd", ["--create-home", "--uid", User, "tester"], 0);
        SecurityBundle.Execute("systemctl", ["start", $"user@{User}.service"], 0);
        string program = Bundle.Path + "/psrun";
        File.Copy(Psrun.Executable, program);
        Save();
        File.Delete(Bundle.Configuration);
        SecurityBundle.Execute("chown", ["-R", $"{User}:{User}", Bundle.Path], 0);
        AsUser(program, "spec", "--rootless", "-b", Bundle.Path);
        Bundle.Change(static config =>
        {
            config["process"]!["terminal"] = false;
            config["process"]!["args"] = new JsonArray("/bin/sleep", "1000");
            config["linux"]!["resources"] = JsonNode.Parse("""{"pids":{"limit":33},"memory":{"limit":67108864}}""");
            config["annotations"] = new JsonObject { ["org.systemd.property.TimeoutStopSec"] = "77" };
        });
        AsUser(program, "--systemd-cgroup", "run", "-d", "-b", Bundle.Path, Id);
        string path = $"/user.slice/user-{User}.slice/user@{User}.service/user.slice/psrun-{Id}.scope";
        string pid = JsonNode.Parse(AsUser(program, "state", Id))!["pid"]!.ToJsonString();
        Assert.Equal($"0::{path}\n", File.ReadAllText($"/proc/{pid}/cgroup"));
        Assert.Equal("33\n", File.ReadAllText($"/sys/fs/cgroup{path}/pids.max"));
        Assert.Equal("67108864\n", File.ReadAllText($"/sys/fs/cgroup{path}/memory.max"));
        Assert.Equal(
            "TimeoutStopUSec=1min 17s\nTasksMax=33\n",
            AsUser("systemctl", "--user", "show", "-p", "TimeoutStopUSec", "-p", "TasksMax", $"psrun-{Id}.scope"));
        AsUser(program, "update", "--pids-limit", "22", Id);
        Assert.Equal("22\n", File.ReadAllText($"/sys/fs/cgroup{path}/pids.max"));
        AsUser(program, "exec", Id, "true");
        AsUser(program, "delete", "--force", Id);
        Assert.False(Directory.Exists("/sys/fs/cgroup" + path));
        SecurityBundle.Execute("systemctl", ["stop", $"user@{User}.service"], 0);
    }

    private static string AsUser(params string[] command)
    {
        (int code, string output) = SecurityBundle.Execute(
            "setpriv",
            ["--reuid", User, "--regid", User, "--clear-groups", "env", "-C", "/", "XDG_RUNTIME_DIR=/run/user/" + User, .. command]);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {output}");
        return output;
    }

    private static Dictionary<string, string> Show(string unit, string properties)
    {
        (_, string output) = SecurityBundle.Execute("systemctl", ["show", "-p", properties, unit]);
        return output.TrimEnd().Split('\n').ToDictionary(
            static line => line[..line.IndexOf('=', StringComparison.Ordinal)],
            static line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
    }

    private static bool CanRead(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
