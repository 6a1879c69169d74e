using System.Text.Json;
using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class ExecTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public ExecTests()
    {
        bundle = new Bundle(psrun, "/bin/sleep", "1000");
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void TheCommandRunsInTheContainer()
    {
        Assert.Equal("psrun\n", psrun.Succeed("exec", id, "cat", "/proc/sys/kernel/hostname"));
        Assert.Equal(9, psrun.Run("exec", id, "sh", "-c", "exit 9").Code);
        CommandResult result = psrun.Run(new CommandOptions { Input = "in" }, "exec", id, "sh", "-c", "cat; echo e >&2");
        Assert.Equal(new CommandResult(0, "in", "e\n"), result);
    }

    [Fact]
    public void OptionsChangeTheProcess()
    {
        string output = psrun.Succeed(
            "exec", "--cwd", "/tmp", "-e", "A=1", "--env", "B=2=3", "-u", "5:6", "-g", "7", "-g", "8",
            id, "sh", "-c", "echo $PWD $A $B; echo $PATH; id -u; id -g; id -G");
        Assert.Equal(
            "/tmp 1 2=3\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n5\n6\n6 7 8\n", output);
    }

    [Theory]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("0x0")]
    [InlineData("1000abc")]
    [InlineData("1000:")]
    [InlineData("root")]
    [InlineData("")]
    public void AUserIsANumber(string user)
    {
        File.WriteAllText(bundle.Path + "/rootfs/etc/passwd", "4294967296:x:0:0::/:/bin/sh\n");
        string shown = user.EndsWith(':') ? "" : user;
        Assert.Equal($"--user: '{shown}' is not an id", psrun.Fail(255, "exec", "--user=" + user, id, "id"));
    }

    [Fact]
    public void CapabilitiesAreThoseOfTheContainer()
    {
        string init = Capabilities("1");
        Assert.Equal(init, Capabilities("self"));
        Assert.Contains("CapInh:0000000000000000", init, StringComparison.Ordinal);

        string json = """{"args":["cat","/proc/self/status"],"cwd":"/","env":["PATH=/bin"]}""";
        File.WriteAllText(bundle.Path + "/process.json", json);
        Assert.Equal(init, Filter(psrun.Succeed("exec", "--process", bundle.Path + "/process.json", id)));

        string added = Filter(psrun.Succeed("exec", "--cap", "CAP_SYS_CHROOT", id, "cat", "/proc/self/status"));
        Assert.Contains("CapInh:0000000000000000", added, StringComparison.Ordinal);
        Assert.Contains("CapEff:0000000020040420", added, StringComparison.Ordinal);
        Assert.Equal("--cap: 'CAP_NOSUCH' is not a capability", psrun.Fail(255, "exec", "-c", "CAP_NOSUCH", id, "id"));
    }

    [Fact]
    public void AProcessFileIsRun()
    {
        string path = bundle.Path + "/process.json";
        File.WriteAllText(
            path, """{"args":["sh","-c","echo $X $PWD; id -u"],"cwd":"/tmp","env":["PATH=/bin","X=y"],"user":{"uid":3}}""");
        Assert.Equal("y /tmp\n3\n", psrun.Succeed("exec", "-p", path, id));
        Assert.Equal(
            "--process and the command 'id' exclude each other", psrun.Fail(255, "exec", "-p", path, id, "id"));
        File.WriteAllText(path, """{"args":["sh"],"cwd":"tmp"}""");
        Assert.Equal($"{path}: cwd: 'tmp' is not absolute", psrun.Fail(255, "exec", "-p", path, id));
    }

    [Fact]
    public void ADetachedProcessHasAPidFile()
    {
        string pidFile = bundle.Path + "/exec.pid";
        psrun.Succeed("exec", "--detach", "--pid-file", pidFile, id, "sleep", "500");
        Assert.Equal("sleep\0500\0", File.ReadAllText($"/proc/{File.ReadAllText(pidFile)}/cmdline"));
    }

    [Theory]
    [InlineData("exec 'nosuch': executable file not found in $PATH (ENOENT)", "nosuch")]
    [InlineData("exec '/nosuch': no such file or directory (ENOENT)", "/nosuch")]
    [InlineData("exec '/etc/hosts/x': no such file or directory (ENOENT)", "/etc/hosts/x")]
    [InlineData("exec '/etc': permission denied: it is a directory (EISDIR)", "/etc")]
    [InlineData("exec '/dev/null': permission denied (EACCES)", "/dev/null")]
    [InlineData("exec '/bin/plain': permission denied (EACCES)", "/bin/plain")]
    [InlineData("exec '/bin/format': exec format error (ENOEXEC)", "/bin/format")]
    [InlineData("exec '/bin/script': its interpreter is missing: no such file or directory (ENOENT)", "/bin/script")]
    [InlineData("exec 'script': its interpreter is missing: no such file or directory (ENOENT)", "script")]
    [InlineData("exec: the command is empty", "")]
    public void WhatCannotBeExecutedIsNamed(string message, string command)
    {
        string root = bundle.Path + "/rootfs";
        File.WriteAllText(root + "/etc/hosts", "");
        File.WriteAllText(root + "/bin/plain", "no program");
        foreach ((string name, string text) in new[] { ("format", "no program"), ("script", "#!/no/interpreter\n") })
        {
            File.WriteAllText($"{root}/bin/{name}", text);
            File.SetUnixFileMode($"{root}/bin/{name}", (UnixFileMode)0x1ED);
        }

        Assert.Equal(message, psrun.Fail(255, "exec", id, command));
    }

    [Fact]
    public void AFurtherProcessFollowsTheFirstToItsCgroups()
    {
        int pid = (int)JsonDocument.Parse(psrun.Succeed("state", id)).RootElement.GetProperty("pid").GetInt32();
        string own = $"/psrun-{id}.scope";
        string other = $"/psrun-{id}-other";
        List<string> mounts = [.. CgroupHost.Current.Hierarchies.Select(static h => h.MountPoint)];
        if (CgroupHost.Current.UnifiedMount is { } unified) mounts.Add(unified);
        try
        {
            foreach (string mount in mounts)
            {
                Directory.CreateDirectory(mount + other);
                foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
                {
                    if (File.Exists($"{mount}{other}/{file}") && CgroupHost.Mode != "v2")
                        File.WriteAllText($"{mount}{other}/{file}", File.ReadAllText($"{mount}/{file}"));
                }

                File.WriteAllText($"{mount}{other}/cgroup.procs", $"{pid}");
                Directory.Delete(mount + own);
            }

            psrun.Succeed("exec", "--detach", "--pid-file", bundle.Path + "/pid", id, "sleep", "1000");
            string further = File.ReadAllText($"/proc/{File.ReadAllText(bundle.Path + "/pid")}/cgroup");
            Assert.Equal(File.ReadAllText($"/proc/{pid}/cgroup"), further);
            Assert.All(further.TrimEnd().Split('\n'), line => Assert.EndsWith(":" + other, line, StringComparison.Ordinal));
        }
        finally
        {
            psrun.Run("delete", "--force", id);
            foreach (string mount in mounts)
            {
                Poll.Until(() => !Directory.Exists(mount + other) || File.ReadAllText($"{mount}{other}/cgroup.procs") == "", "it is in use");
                if (Directory.Exists(mount + other)) Directory.Delete(mount + other);
            }
        }
    }

    [Fact]
    public void AmbientCapabilitiesFollowTheInheritable()
    {
        psrun.Succeed("delete", "--force", id);
        bundle.Change(static config => config["process"]!["capabilities"]!["inheritable"] =
            new System.Text.Json.Nodes.JsonArray("CAP_SYS_CHROOT"));
        bundle.Change(static config => config["process"]!["capabilities"]!["bounding"]!.AsArray().Add("CAP_SYS_CHROOT"));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string added = Filter(psrun.Succeed(
            "exec", "-u", "1000", "--cap", "CAP_SYS_CHROOT", "--cap", "CAP_CHOWN", id, "cat", "/proc/self/status"));
        Assert.Contains("CapAmb:0000000000040000", added, StringComparison.Ordinal);
        Assert.Contains("CapEff:0000000000040000", added, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec needs a command or --process")]
    [InlineData("--cwd: 'tmp' is not absolute", "--cwd", "tmp")]
    [InlineData("--env: 'A' is not NAME=value", "-e", "A")]
    [InlineData("--cgroup: bad sub cgroup path: ../x is not a sub cgroup path of the container", "--cgroup", "../x")]
    [InlineData("--tty --detach: without --console-socket nobody gets the terminal", "-t", "-d")]
    public void MistakesAreNamed(string message, params string[] options)
    {
        string[] command = options.Length == 0 ? [] : ["id"];
        Assert.Equal(message, psrun.Fail(255, ["exec", .. options, id, .. command]));
    }

    [Fact]
    public void OptionsEndAtTheId() =>
        Assert.Equal("-t --detach --\n", psrun.Succeed("exec", id, "echo", "-t", "--detach", "--"));

    [Fact]
    public void AProcessEntersTheCgroupsItIsGiven()
    {
        if (CgroupHost.Mode == "v2") Assert.Skip("version 2 has one path for all controllers");
        string own = psrun.Succeed("exec", id, "sh", "-c", "grep ':pids:' /proc/self/cgroup").Trim();
        string pid = JsonDocument.Parse(psrun.Succeed("state", id)).RootElement.GetProperty("pid").ToString();
        string path = File.ReadLines($"/proc/{pid}/cgroup").First(line => line.Contains(":pids:")).Split(':')[2];
        string place = $"{CgroupHost.Current.Find("pids")!.MountPoint}{path}/below";
        Directory.CreateDirectory(place);
        string shown = psrun.Succeed("exec", "--cgroup", "pids:below", id, "cat", "/proc/self/cgroup");
        Assert.Contains(own.TrimEnd('/') + "/below\n", shown, StringComparison.Ordinal);
        Assert.Single(shown.Split('\n'), line => line.EndsWith("/below", StringComparison.Ordinal));
        Assert.Contains("/none/cgroup.procs: no such file", psrun.Fail(255, "exec", "--cgroup", "pids:none", id, "id"));
        Assert.Contains("named twice", psrun.Fail(255, "exec", "--cgroup", "pids,pids:below", id, "id"));
        Assert.Contains("unknown controller some", psrun.Fail(255, "exec", "--cgroup", "some:below", id, "id"));
        Directory.Delete(place);
    }

    [Fact]
    public void APausedContainerTakesNoProcess()
    {
        psrun.Succeed("pause", id);
        Assert.Equal(
            $"cannot exec in a paused container: resume '{id}', or use --ignore-paused", psrun.Fail(255, "exec", id, "id"));
        psrun.Succeed("resume", id);
        Assert.Equal(0, psrun.Run("exec", id, "true").Code);
    }

    [Fact]
    public void AStoppedContainerTakesNoProcess()
    {
        psrun.Succeed("kill", id, "KILL");
        Assert.True(SpinWait.SpinUntil(IsRefused, Poll.Patience), "exec does not say that nothing runs");
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/10")]
    [InlineData("/proc/1/fd/3")]
    public void DescriptorsOfTheHostAreNoWorkingDirectory(string directory)
    {
        CommandResult result = psrun.Run("exec", "--cwd", directory, id, "true");
        Assert.Equal(255, result.Code);
        Assert.Contains("in the container", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingOfTheHostIsOpen() =>
        Assert.Equal("0\n1\n2\n3\n", psrun.Succeed("exec", id, "ls", "/proc/self/fd"));

    private bool IsRefused() =>
        psrun.Run("exec", id, "true") is { Code: 255 } result
        && result.Error.EndsWith(", not running\n", StringComparison.Ordinal);

    private static string Filter(string status) => string.Concat(status.Split('\n')
        .Where(static l => l.StartsWith("Cap", StringComparison.Ordinal))
        .Select(static l => l.Replace("\t", "", StringComparison.Ordinal) + "\n"));

    private string Capabilities(string process) => Filter(psrun.Succeed("exec", id, "cat", $"/proc/{process}/status"));
}
