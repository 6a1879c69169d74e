using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>What a user namespace has no rights over, joined and shown all the same.</summary>
public sealed class UserNamespaceTests : ConfigTest
{
    private const uint HostId = 0x20000000;
    private const string ShowNamespaces = "for n in user net time; do readlink /proc/self/ns/$n; done";

    private static string Own(string file) => new FileInfo("/proc/self/ns/" + file).LinkTarget!;

    // /proc/self would be psrun's own; this one is ours.
    private static string OwnPath(string file) => $"/proc/{Environment.ProcessId}/ns/{file}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ItIsJoinedWithNamespacesOfOthers(bool joined)
    {
        Assert.SkipUnless(File.Exists("/proc/self/ns/time"), "the kernel has no time namespaces");
        string other = Start("other-" + Id, () => AddNamespace("time"));
        string user = joined ? Start("user-" + Id, () => UseUserNamespace(HostId)) : "";
        UseUserNamespace(HostId);
        if (joined) AddNamespace("user", $"/proc/{user}/ns/user");
        AddNamespace("network", OwnPath("net"));
        AddNamespace("time", $"/proc/{other}/ns/time");
        string[] lines = Output(ShowNamespaces).Split('\n');
        if (joined) Assert.Equal(new FileInfo($"/proc/{user}/ns/user").LinkTarget, lines[0]);
        else Assert.NotEqual(Own("user"), lines[0]);
        Assert.Equal([Own("net"), new FileInfo($"/proc/{other}/ns/time").LinkTarget!], lines[1..]);
    }

    [Fact]
    public void ALaterProcessIsInTheNamespacesOfOthers()
    {
        Assert.SkipUnless(File.Exists("/proc/self/ns/time"), "the kernel has no time namespaces");
        string other = Start("other-" + Id, () => AddNamespace("time"));
        UseUserNamespace(HostId);
        AddNamespace("network", OwnPath("net"));
        AddNamespace("time", $"/proc/{other}/ns/time");
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        string[] lines = Psrun.Succeed("exec", Id, "/bin/sh", "-c", Busy(ShowNamespaces)).TrimEnd().Split('\n');
        Assert.Equal([Own("net"), new FileInfo($"/proc/{other}/ns/time").LinkTarget!], lines[1..]);
    }

    [Theory]
    [InlineData("left out")]
    [InlineData("by path")]
    public void WithTheHostsNetworkSysIsTheHosts(string network)
    {
        UseUserNamespace(HostId);
        RemoveNamespace("network");
        if (network == "by path") AddNamespace("network", OwnPath("net"));
        string[] lines = Output("grep ' / /sys ' /proc/self/mountinfo; ls /sys/class/net; echo x 2>/dev/null >/sys/kernel/mm/ksm/run || echo refused")
            .Split('\n');
        string[] options = lines[0].Split(' ')[5].Split(',');
        Assert.Equal(["noexec", "nosuid", "nodev", "ro"], new[] { "noexec", "nosuid", "nodev", "ro" }.Intersect(options));
        Assert.Equal(Directory.GetFileSystemEntries("/sys/class/net").Select(Path.GetFileName).Order(), lines[1..^1].Order());
        Assert.Equal("refused", lines[^1]);
    }

    [Fact]
    public void SysMustBeADirectoryThen()
    {
        UseUserNamespace(HostId);
        RemoveNamespace("network");
        Directory.Delete(Rootfs + "/sys");
        File.CreateSymbolicLink(Rootfs + "/sys", "tmp");
        Assert.Contains("'/sys'", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABoundDeviceIsNeitherSetuidNorExecutable()
    {
        UseUserNamespace(HostId);
        Linux["devices"] = new JsonArray(Device("/dev/nul", 1, 3));
        foreach (string line in Output("grep -E ' /dev/(null|zero|full|random|urandom|tty|nul) ' /proc/self/mountinfo").Split('\n'))
            Assert.Equal(["nosuid", "noexec"], new[] { "nosuid", "noexec" }.Intersect(line.Split(' ')[5].Split(',')));
    }

    [Fact]
    public void ADeviceNeedsNoNodeOnTheHostAndHasItsOwnerAndMode()
    {
        Assert.SkipWhen(
            Environment.OSVersion.Version < new Version(6, 15), "a detached mount can be copied since Linux 6.15");
        JsonObject device = Device("/dev/sub/mine", 1, 5);
        device["fileMode"] = 0x1A0;
        device["uid"] = 7;
        device["gid"] = 8;
        UseUserNamespace(HostId);
        Linux["devices"] = new JsonArray(device, Device("/dev/zero", 1, 3));
        Process["user"] = new JsonObject { ["uid"] = 7, ["gid"] = 8 };
        Assert.Equal(
            "640 7:8 1:5\n666 0:0 1:3\n0000000 000000\n0000002\n0",
            Output("busybox stat -c '%a %u:%g %t:%T' /dev/sub/mine /dev/zero; busybox head -c 2 /dev/sub/mine | busybox od; busybox wc -c </dev/zero"));
    }

    [Fact]
    public void AUsersDeviceIsTheHostsWithTheseNumbers()
    {
        RemoveMounts("/sys/fs/cgroup");
        Linux["devices"] = new JsonArray(Device("/dev/other", 1, 5), Device("/dev/none", 1, 250));
        using System.Diagnostics.Process refused = StartUnprivileged("/bin/true");
        CommandResult result = Psrun.Finish(refused);
        Assert.Equal((1, "psrun: open_tree '/dev/none': No such file or directory (ENOENT)\n"), (result.Code, result.Error));
        ((JsonArray)Linux["devices"]!).RemoveAt(1);
        using System.Diagnostics.Process run = StartUnprivileged("/bin/sh", "-c", "busybox stat -c %t:%T /dev/other");
        Assert.Equal(new CommandResult(0, "1:5\n", ""), Psrun.Finish(run));
    }

    private static string Busy(string script) => script.Replace("readlink", "busybox readlink", StringComparison.Ordinal);

    private static JsonObject Device(string path, int major, int minor) => new()
    {
        ["path"] = path, ["type"] = "c", ["major"] = major, ["minor"] = minor, ["fileMode"] = 0x1B6,
    };

    /// <summary>Starts a container of another document; returns its process.</summary>
    private string Start(string id, Action change)
    {
        string document = Config.ToJsonString();
        change();
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, id);
        JsonObject before = (JsonObject)JsonNode.Parse(document)!;
        Config["linux"] = before["linux"]!.DeepClone();
        return JsonNode.Parse(Psrun.Succeed("state", id))!["pid"]!.ToJsonString();
    }
}
