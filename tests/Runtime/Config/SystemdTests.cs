using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>The systemd cgroup driver; tests/Conformance/uml runs them with a real systemd.</summary>
public sealed class SystemdTests : ConfigTest
{
    private static readonly string[] Systemd = ["--systemd-cgroup"];

    private static bool IsBooted => Directory.Exists("/run/systemd/system");

    [Fact]
    public void WithoutSystemdTheErrorSaysSo()
    {
        Assert.SkipWhen(IsBooted, "systemd runs here");
        Save();
        string message = Call(1, "run", "-b", Bundle.Path, Id).Error;
        Assert.StartsWith(
            "psrun: the systemd cgroup driver needs systemd and its D-Bus at '/run/dbus/system_bus_socket': ", message,
            StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
    }

    [Theory]
    [InlineData("/absolute", "is not slice:prefix:name, as the systemd cgroup driver needs it")]
    [InlineData("system.slice:prefix", "is not slice:prefix:name, as the systemd cgroup driver needs it")]
    [InlineData("nothing:prefix:name", "'nothing' is not the name of a slice")]
    [InlineData("a--b.slice:prefix:name", "'a--b.slice' is not the name of a slice")]
    [InlineData("system.slice:pre fix:name", "' ' cannot be in the name of a systemd unit")]
    [InlineData("system.slice:prefix:name.slice", "a container runs in a scope, not in a slice of its own")]
    public void APathThatIsNoneIsRefused(string path, string message)
    {
        Linux["cgroupsPath"] = path;
        Save();
        Assert.Contains(message, Call(1, "run", "-b", Bundle.Path, Id).Error, StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void AContainerRunsInItsScope()
    {
        RequireSystemd();
        string unit = $"prefix-{Id}.scope";
        Linux["cgroupsPath"] = $"pstest-inner.slice:prefix:{Id}";
        Linux["resources"] = JsonNode.Parse(
            """
            {"memory":{"limit":67108864,"swap":-1,"reservation":33554432},"pids":{"limit":33},
             "cpu":{"shares":512,"quota":25000,"period":50000},"devices":[{"allow":false,"access":"rwm"}]}
            """);
        AllCapabilities();
        Save("/bin/sleep", "1000");
        Call(0, "run", "-d", "-b", Bundle.Path, Id);
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        string path = $"/pstest.slice/pstest-inner.slice/{unit}";
        Assert.Equal($"0::{path}\n", File.ReadAllText($"/proc/{pid}/cgroup"));
        Assert.Equal(
            ["67108864", "33554432", "max", "33", "25000 50000", "59"],
            new[] { "memory.max", "memory.low", "memory.swap.max", "pids.max", "cpu.max", "cpu.weight" }.Select(
                file => File.ReadAllText($"/sys/fs/cgroup{path}/{file}").TrimEnd()));
        Assert.Equal(
            "CPUQuotaPerSecUSec=500ms\nCPUWeight=59\nDelegate=yes\nMemoryLow=33554432\nMemoryMax=67108864\n"
            + "MemorySwapMax=infinity\nSlice=pstest-inner.slice\nTasksMax=33",
            Show(unit, "Slice,Delegate,MemoryMax,MemoryLow,MemorySwapMax,TasksMax,CPUQuotaPerSecUSec,CPUWeight"));

        Assert.Equal("0::/\n", Psrun.Succeed("exec", Id, "cat", "/proc/self/cgroup"));
        Psrun.Succeed("pause", Id);
        Assert.Equal("paused", (string?)JsonNode.Parse(Psrun.Succeed("state", Id))!["status"]);
        Psrun.Succeed("resume", Id);
        SecurityBundle.Execute("systemctl", ["daemon-reload"], 0);
        Assert.Equal("33\n", File.ReadAllText($"/sys/fs/cgroup{path}/pids.max"));
        Assert.Contains(
            "Operation not permitted",
            Psrun.Run("exec", Id, "/bin/sh", "-c", "busybox mknod /tmp/m c 1 11; cat /tmp/m").Error,
            StringComparison.Ordinal);
        Psrun.Succeed("delete", "-f", Id);
        Assert.False(Directory.Exists("/sys/fs/cgroup" + path));
        Assert.Equal("LoadState=not-found", Show(unit, "LoadState"));
    }

    [Fact]
    public void WithoutAPathTheScopeIsNamedAfterTheContainer()
    {
        RequireSystemd();
        Save("/bin/sleep", "1000");
        Call(0, "create", "-b", Bundle.Path, Id);
        Assert.Equal("ActiveState=active\nSlice=system.slice", Show($"psrun-{Id}.scope", "Slice,ActiveState"));
        Psrun.Succeed("delete", "-f", Id);
        Assert.Equal("ActiveState=inactive", Show($"psrun-{Id}.scope", "ActiveState"));
    }

    [Fact]
    public void AnnotationsAreProperties()
    {
        RequireSystemd();
        Annotate("org.systemd.property.TimeoutStopSec", "uint16 77");
        Annotate("org.systemd.property.RuntimeMaxUSec", "uint64 99000000");
        Annotate("org.systemd.property.Description", "'that of the container'");
        Save("/bin/sleep", "1000");
        Call(0, "create", "-b", Bundle.Path, Id);
        Assert.Equal(
            "Description=that of the container\nRuntimeMaxUSec=1min 39s\nTimeoutStopUSec=1min 17s",
            Show($"psrun-{Id}.scope", "Description,RuntimeMaxUSec,TimeoutStopUSec"));
        Psrun.Succeed("delete", "-f", Id);
    }

    [Fact]
    public void AnAnnotationThatIsNoPropertyIsRefused()
    {
        RequireSystemd();
        Annotate("org.systemd.property.NoSuchThing", "true");
        Save();
        Assert.Contains("NoSuchThing", Call(1, "run", "-b", Bundle.Path, Id).Error, StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void AnAnnotationWithAWrongValueIsRefused()
    {
        Annotate("org.systemd.property.CollectMode", "inactive");
        Save();
        Assert.Equal(
            "psrun: annotations 'org.systemd.property.CollectMode': inactive: a number from -2147483648 to 2147483647 "
            + "is expected at character 9\n",
            Call(1, "run", "-b", Bundle.Path, Id).Error);
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void AFailureAfterTheScopeIsMadeLeavesNothing()
    {
        RequireSystemd();
        Linux["resources"] = new JsonObject { ["unified"] = new JsonObject { ["memory.nosuch"] = "1" } };
        Save();
        Assert.Contains("memory.nosuch", Call(1, "run", "-b", Bundle.Path, Id).Error, StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
        Poll.Until(() => Show($"psrun-{Id}.scope", "LoadState") == "LoadState=not-found", "the scope is still there");
    }

    [Fact]
    public void AScopeThatIsInUseIsAnError()
    {
        RequireSystemd();
        Linux["cgroupsPath"] = $":one:{Id}";
        Save("/bin/sleep", "1000");
        Call(0, "run", "-d", "-b", Bundle.Path, Id);
        Assert.Contains(
            "UnitExists", Call(1, "run", "-d", "-b", Bundle.Path, "second-" + Id).Error, StringComparison.Ordinal);
        Assert.Equal([Id], Psrun.Containers);
        Assert.Equal("ActiveState=active", Show($"one-{Id}.scope", "ActiveState"));
        Psrun.Succeed("delete", "-f", Id);
    }

    private static void RequireSystemd()
    {
        Assert.SkipUnless(IsBooted, "systemd does not run here: tests/Conformance/uml/systemd.sh boots it");
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/cgroup.controllers"), "the host is not v2");
    }

    private void Annotate(string name, string value)
    {
        if (Config["annotations"] is null) Config["annotations"] = new JsonObject();
        Config["annotations"]![name] = value;
    }

    private static string Show(string unit, string properties)
    {
        (_, string output) = SecurityBundle.Execute("systemctl", ["show", "-p", properties, unit]);
        return string.Join('\n', output.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    private CommandResult Call(int code, params string[] arguments)
    {
        CommandResult result = Psrun.Run(new CommandOptions { Global = Systemd }, arguments);
        Assert.True(result.Code == code, result.Error);
        return result;
    }
}
