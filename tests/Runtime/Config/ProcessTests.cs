using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>user, rlimits, capabilities, sysctl, annotations, console size.</summary>
public sealed class ProcessTests : ConfigTest
{
    // "MUST be logged as a warning" (config.md, process.capabilities).
    [Fact]
    public void ACapabilityThatCannotBeGrantedIsAWarning()
    {
        const string Warning = "psrun: warning: can't raise ambient capability CAP_CHOWN: it is not both permitted and inheritable\n";
        Process["capabilities"] = new JsonObject
        {
            ["bounding"] = Strings("CAP_KILL"), ["permitted"] = Strings("CAP_KILL"), ["inheritable"] = Strings("CAP_KILL"),
            ["ambient"] = Strings("CAP_KILL", "CAP_CHOWN"),
        };
        CommandResult result = Run("grep CapAmb /proc/self/status");
        Assert.Equal(new CommandResult(0, "CapAmb:\t0000000000000020\n", Warning), result);

        Save("/bin/sleep", "1000");
        Psrun.Run("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal(new CommandResult(0, "", Warning), Psrun.Run("exec", Id, "true"));
    }

    [Fact]
    public void EveryResourceLimitIsSet()
    {
        string[] names =
        [
            "AS", "CORE", "CPU", "DATA", "FSIZE", "LOCKS", "MEMLOCK", "MSGQUEUE", "NICE", "NOFILE", "NPROC", "RSS",
            "RTPRIO", "RTTIME", "SIGPENDING", "STACK",
        ];
        JsonArray limits = [];
        ulong value = 60_000;
        foreach (string name in names)
        {
            ulong hard = name switch
            {
                "NICE" or "RTPRIO" => 0,
                "NOFILE" => 1000,
                "AS" or "DATA" or "STACK" or "FSIZE" or "RSS" or "RTTIME" => (1UL << 33) + ++value,
                _ => ++value,
            };
            limits.Add((JsonNode)new JsonObject { ["type"] = "RLIMIT_" + name, ["soft"] = Math.Max(hard, 1) - 1, ["hard"] = hard });
        }

        Process["rlimits"] = limits;
        Dictionary<string, string[]> shown = Output("cat /proc/self/limits").Split('\n').Skip(1).ToDictionary(
            static l => l[..26].Trim(), static l => l[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(names.Length, shown.Count);
        (string Kernel, string Name)[] some =
        [
            ("Max address space", "AS"), ("Max core file size", "CORE"), ("Max cpu time", "CPU"),
            ("Max data size", "DATA"), ("Max file size", "FSIZE"), ("Max file locks", "LOCKS"),
            ("Max locked memory", "MEMLOCK"), ("Max msgqueue size", "MSGQUEUE"), ("Max nice priority", "NICE"),
            ("Max open files", "NOFILE"), ("Max processes", "NPROC"), ("Max resident set", "RSS"),
            ("Max realtime priority", "RTPRIO"), ("Max realtime timeout", "RTTIME"),
            ("Max pending signals", "SIGPENDING"), ("Max stack size", "STACK"),
        ];
        foreach ((string kernel, string name) in some)
        {
            JsonNode limit = limits.First(l => (string)l!["type"]! == "RLIMIT_" + name)!;
            Assert.Equal([limit["soft"]!.ToJsonString(), limit["hard"]!.ToJsonString()], shown[kernel][..2]);
        }
    }

    [Fact]
    public void TheUserHasItsIdsAndGroups()
    {
        Process["user"] = new JsonObject
        {
            ["uid"] = 11, ["gid"] = 12, ["additionalGids"] = new JsonArray(13, 14),
        };
        Assert.Equal(
            "Uid:\t11\t11\t11\t11\nGid:\t12\t12\t12\t12\nGroups:\t13 14",
            Output("busybox grep -E '^(Uid|Gid|Groups):' /proc/self/status").Replace(" \n", "\n", StringComparison.Ordinal).TrimEnd());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AProgramRunsWithTheRightsThatCountForIt(bool named)
    {
        File.Delete(Rootfs + "/bin/id");
        File.Copy(Rootfs + "/bin/busybox", Rootfs + "/bin/id");
        File.SetUnixFileMode(Rootfs + "/bin/id", (UnixFileMode)0x1E4);
        Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        Process["env"] = Strings("PATH=/bin");
        JsonObject sets = [];
        foreach (string set in new[] { "bounding", "effective", "permitted", "inheritable", "ambient" })
            sets[set] = Strings("CAP_DAC_OVERRIDE");
        Process["capabilities"] = sets;
        Save(named ? "id" : "/bin/id", "-u");
        Assert.Equal(new CommandResult(0, "1000\n", ""), Psrun.Run("run", "-b", Bundle.Path, Id));
        Process["capabilities"] = new JsonObject();
        Assert.Equal($"exec '{(named ? "id" : "/bin/id")}': permission denied (EACCES)", Refusal());
    }

    [Theory]
    [InlineData("1", "Groups:\t77")]
    [InlineData("0", "Groups:")]
    public void TheCallersGroupsAreKeptWhereAnAnnotationSaysSo(string value, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv is not installed");
        Config["annotations"] = new JsonObject { ["run.oci.keep_original_groups"] = value };
        Save("/bin/sh", "-c", "grep ^Groups: /proc/self/status");
        (int code, string output) = SecurityBundle.Execute(
            "setpriv", ["--groups", "77", Psrun.Executable, "--root", Psrun.Root, "run", "-b", Bundle.Path, Id]);
        Assert.Equal((0, expected), (code, output.Trim()));
        Save("/bin/sleep", "1000");
        SecurityBundle.Execute(
            "setpriv", ["--groups", "77", Psrun.Executable, "--root", Psrun.Root, "run", "-d", "-b", Bundle.Path, Id], 0);
        (_, output) = SecurityBundle.Execute(
            "setpriv", ["--groups", "77", Psrun.Executable, "--root", Psrun.Root, "exec", Id, "busybox", "grep", "^Groups:", "/proc/self/status"]);
        Assert.Equal(expected, output.Trim());
    }

    [Theory]
    [InlineData("net.ipv4.ip_forward", "1", "network", "/proc/sys/net/ipv4/ip_forward")]
    [InlineData("net/ipv4/ip_forward", "1", "network", "/proc/sys/net/ipv4/ip_forward")]
    [InlineData("kernel.msgmax", "4242", "ipc", "/proc/sys/kernel/msgmax")]
    [InlineData("kernel.shm_rmid_forced", "1", "ipc", "/proc/sys/kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max", "77", "ipc", "/proc/sys/fs/mqueue/msg_max")]
    [InlineData("kernel.domainname", "example", "uts", "/proc/sys/kernel/domainname")]
    [InlineData("user.max_user_namespaces", "3", "user", "/proc/sys/user/max_user_namespaces")]
    public void AParameterOfANamespaceIsSetThere(string name, string value, string type, string file)
    {
        if (type == "user") UseUserNamespace(0x20000000);
        Linux["sysctl"] = new JsonObject { [name] = value };
        Assert.Equal(value, Output("cat " + file));
        RemoveNamespace(type);
        if (type == "user") foreach (string map in new[] { "uidMappings", "gidMappings" }) Linux.Remove(map);
        if (type == "uts") Config.Remove("hostname");
        Assert.EndsWith($"needs a {type} namespace", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AParameterTheKernelLacksIsNamed()
    {
        Linux["sysctl"] = new JsonObject { ["net.ipv4.no_such"] = "1" };
        Assert.Equal("open 'sysctl net.ipv4.no_such' in the container: No such file or directory (ENOENT)", Refusal());
    }

    [Fact]
    public void AnnotationsAreInTheState()
    {
        Config["annotations"] = new JsonObject { ["org.example.key"] = "value" };
        Save("/bin/true");
        Psrun.Succeed("create", "-b", Bundle.Path, Id);
        Assert.Equal(
            "value", (string?)JsonNode.Parse(Psrun.Succeed("state", Id))!["annotations"]!["org.example.key"]);
    }

    [Fact]
    public void IntelRdtIsRefusedWithoutResctrl()
    {
        Assert.SkipWhen(
            File.ReadAllText("/proc/self/mounts").Contains(" resctrl ", StringComparison.Ordinal), "resctrl is mounted");
        Linux["intelRdt"] = new JsonObject { ["closID"] = "x", ["l3CacheSchema"] = "L3:0=f" };
        Assert.StartsWith("linux.intelRdt: no resctrl file system is mounted on this host", Refusal(), StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
    }
}
