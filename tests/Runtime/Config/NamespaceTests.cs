using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class NamespaceTests : ConfigTest
{
    private const uint HostId = 0x20000000;

    // Type in config.json, name below /proc/PID/ns.
    public static TheoryData<string, string> Kinds => new()
    {
        { "pid", "pid_for_children" }, { "network", "net" }, { "ipc", "ipc" }, { "uts", "uts" }, { "cgroup", "cgroup" },
        { "time", "time" },
    };

    private static string Own(string file) => new FileInfo("/proc/self/ns/" + file).LinkTarget!;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ANamespaceIsNewOrTheCallersOwn(string type, string file)
    {
        AddNamespace(type);
        Assert.NotEqual(Own(file), Output($"readlink /proc/self/ns/{file}"));
        RemoveNamespace(type);
        if (type is "uts") Config.Remove("hostname");
        if (type is "network" or "cgroup" or "ipc") RemoveMounts("/sys", "/sys/fs/cgroup", "/dev/mqueue");
        Assert.Equal(Own(file), Output($"readlink /proc/self/ns/{file}"));
    }

    [Fact]
    public void WithoutAMountNamespaceTheHostsMountsStayAsTheyAre()
    {
        Assert.SkipWhen(Environment.OSVersion.Version < new Version(6, 15), "a detached tree can be mounted in since Linux 6.15");
        Linux["namespaces"] = new JsonArray();
        Config.Remove("hostname");
        Linux["maskedPaths"] = Strings("/proc/cpuinfo");
        Linux["readonlyPaths"] = Strings("/proc/sys");
        Directory.CreateDirectory(Bundle.Path + "/source/below");
        Mount("/bound", "bind", Bundle.Path + "/source", "rbind", "ro");
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        const string Show = "readlink /proc/self/ns/mnt; ls /bound; cat /proc/cpuinfo; echo x >/proc/sys/kernel/hostname; "
            + "mkdir /bound/new; ls -d /etc/passwd /dev/pts/ptmx";
        CommandResult result = Psrun.Run("exec", Id, "/bin/sh", "-c", "exec 2>&1; busybox " + Show);
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal([Own("mnt"), "below"], lines[..2]);
        Assert.Contains("Read-only file system", lines[2], StringComparison.Ordinal);
        Assert.Contains("Read-only file system", lines[3], StringComparison.Ordinal);
        Assert.Contains("/dev/pts/ptmx", lines);
        Assert.DoesNotContain("/etc/passwd", lines);
        Assert.DoesNotContain(Bundle.Path, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Psrun.Succeed("delete", "-f", Id);
    }

    [Fact]
    public void AUserNamespaceNeedsAMountNamespace()
    {
        RemoveNamespace("mount");
        UseUserNamespace(HostId);
        Assert.Contains("needs a mount namespace: add", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ANamespaceIsJoinedByItsPath(string type, string file)
    {
        AddNamespace("time");
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        string path = $"/proc/{pid}/ns/" + (type == "pid" ? "pid" : file);
        AddNamespace(type, path);
        Save("/bin/sh", "-c", $"readlink /proc/self/ns/{file}");
        Assert.Equal(
            new FileInfo(path).LinkTarget + "\n", Psrun.Succeed("run", "-b", Bundle.Path, "second-" + Id));
    }

    // mq_overview(7): its file system is made with the namespace, by whoever makes that.
    [Fact]
    public void TheMessageQueuesOfAUserNamespaceBelongToItsRoot()
    {
        UseUserNamespace(HostId);
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "nodev", "noexec");
        Assert.Equal("0 0 1777", Output("stat -c '%u %g %a' /dev/mqueue"));
    }

    [Fact]
    public void AUserNamespaceIsJoinedWithThoseItOwns()
    {
        UseUserNamespace(HostId);
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        foreach ((string type, string file) in new[] { ("user", "user"), ("network", "net"), ("ipc", "ipc"), ("uts", "uts") })
            AddNamespace(type, $"/proc/{pid}/ns/{file}");
        Config.Remove("hostname");
        Save("/bin/sh", "-c", "for n in user net ipc uts; do readlink /proc/self/ns/$n; done; cat /proc/self/uid_map");
        string[] lines = Psrun.Succeed("run", "-b", Bundle.Path, "second-" + Id).TrimEnd().Split('\n');
        Assert.Equal(
            new[] { "user", "net", "ipc", "uts" }.Select(n => new FileInfo($"/proc/{pid}/ns/{n}").LinkTarget),
            lines[..4]);
        Assert.Equal(["0", $"{HostId}", "65536"], lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void AUserNamespaceIsJoinedWithoutAPidNamespace()
    {
        UseUserNamespace(HostId);
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        AddNamespace("user", $"/proc/{pid}/ns/user");
        RemoveNamespace("pid");
        RemoveMounts("/proc", "/sys/fs/cgroup");
        Linux.Remove("maskedPaths");
        Linux.Remove("readonlyPaths");
        Mount("/proc", "bind", "/proc", "rbind");
        Save("/bin/sh", "-c", "readlink /proc/self/ns/user");
        Assert.Equal(
            new FileInfo($"/proc/{pid}/ns/user").LinkTarget + "\n",
            Psrun.Succeed("run", "-b", Bundle.Path, "second-" + Id));
    }

    [Fact]
    public void AMountNamespaceIsJoined()
    {
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        string path = $"/proc/{pid}/ns/mnt";
        AddNamespace("mount", path);
        Save("/bin/true");
        CommandResult result = Psrun.Run("run", "-b", Bundle.Path, "second-" + Id);
        Assert.True(result.Code == 0, result.Error);
    }

    [Theory]
    [InlineData("/nosuch", "open '/nosuch': No such file or directory (ENOENT)")]
    [InlineData("/etc/passwd", "setns '/etc/passwd': Invalid argument (EINVAL)")]
    public void APathThatIsNoNamespaceIsNamed(string path, string message)
    {
        AddNamespace("network", path);
        Assert.Equal(message, Refusal());
    }

    [Theory]
    [InlineData("network")]
    [InlineData("user")]
    public void APathThatIsAFifoHangsNothing(string type)
    {
        string path = Bundle.Path + "/fifo";
        Assert.Equal("", SecurityBundle.Execute("mkfifo", [path]).Output);
        AddNamespace(type, path);
        Assert.Contains("Invalid argument (EINVAL)", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANamespaceOfAnotherKindIsRefused()
    {
        AddNamespace("network", "/proc/self/ns/ipc");
        Assert.Equal("setns '/proc/self/ns/ipc': Invalid argument (EINVAL)", Refusal());
    }

    [Fact]
    public void ClocksHaveTheirOffsets()
    {
        AddNamespace("time");
        Linux["timeOffsets"] = new JsonObject
        {
            ["boottime"] = new JsonObject { ["secs"] = 1_000_000_000, ["nanosecs"] = 5 },
            ["monotonic"] = new JsonObject { ["secs"] = 86_400 },
        };
        string[] lines = Output("cat /proc/uptime /proc/self/timens_offsets").Split('\n');
        Assert.True(double.Parse(lines[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 1e9);
        Assert.Equal(["monotonic", "86400", "0"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["boottime", "1000000000", "5"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void TheNamesAreThoseOfTheDocument()
    {
        Config["hostname"] = "the-host";
        Config["domainname"] = "example.org";
        Assert.Equal("the-host\nexample.org", Output("hostname=$(cat /proc/sys/kernel/hostname); echo $hostname; cat /proc/sys/kernel/domainname"));
    }

    [Theory]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("slave", "master:")]
    [InlineData("rslave", "master:")]
    [InlineData("private", "")]
    [InlineData("unbindable", "unbindable")]
    public void TheRootHasItsPropagation(string word, string shown)
    {
        Linux["rootfsPropagation"] = word;
        Save("/bin/sh", "-c", "grep ' / / ' /proc/self/mountinfo || grep ' / ' /proc/self/mountinfo");
        string unshared = $"mount --bind {Rootfs} {Rootfs} && mount --make-rshared / && "
            + $"exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}";
        (int code, string output) = SecurityBundle.Execute("unshare", ["-m", "sh", "-c", unshared]);
        Assert.True(code == 0, output);
        string[] fields = output.Split('\n')[0].Split(' ');
        if (shown.Length == 0) Assert.Equal("-", fields[6]);
        else Assert.StartsWith(shown, fields[6], StringComparison.Ordinal);
    }
}
