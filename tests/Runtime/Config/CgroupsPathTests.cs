using System.Text.Json.Nodes;
using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class CgroupsPathTests : ConfigTest
{
    [Theory]
    [InlineData("/pstest-{0}/inner", "/pstest-{0}/inner")]
    [InlineData("pstest-{0}", "/pstest-{0}")]
    [InlineData(null, "/psrun-{0}.scope")]
    public void ThePathIsWhereTheContainerIs(string? given, string expected)
    {
        if (given is not null) Linux["cgroupsPath"] = string.Format(null, given, Id);
        RemoveNamespace("cgroup");
        string path = string.Format(null, expected, Id);
        string[] lines = Output("cat /proc/self/cgroup").Split('\n');
        Assert.Contains(lines, line => line.EndsWith(":" + path, StringComparison.Ordinal));
        foreach (string controller in new[] { "pids", "memory", "devices" })
        {
            string? line = lines.FirstOrDefault(l => l.Contains($":{controller}:", StringComparison.Ordinal));
            if (line is not null) Assert.EndsWith(":" + path, line, StringComparison.Ordinal);
        }

        foreach (string mount in Directory.GetDirectories("/sys/fs/cgroup"))
            if (Directory.Exists(mount + path)) Assert.Fail($"{mount}{path} is left");
        SecurityBundle.Execute("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-name", $"pstest-{Id}", "-exec", "rmdir", "{}", "+"]);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("../b")]
    public void APathThatLeadsUpIsRefused(string path)
    {
        Linux["cgroupsPath"] = path;
        Assert.EndsWith($"linux.cgroupsPath: '{path}' contains '..'", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFrozenCgroupIsRefusedAndLeftAsItIs()
    {
        bool unified = CgroupHost.Mode == "v2";
        string? mount = unified ? "/sys/fs/cgroup" : CgroupHost.Current.Find("freezer")?.MountPoint;
        Assert.SkipWhen(mount is null, "this host has no freezer");
        string path = $"{mount}/pstest-{Id}";
        Linux["cgroupsPath"] = "/pstest-" + Id;
        Save("/bin/true");
        Directory.CreateDirectory(path);
        try
        {
            File.WriteAllText(path + (unified ? "/cgroup.freeze" : "/freezer.state"), unified ? "1" : "FROZEN");
            foreach (string verb in new[] { "run", "create" })
            {
                Assert.StartsWith(
                    $"the container's cgroup unexpectedly frozen: thaw '{path}'",
                    Psrun.Fail(1, verb, "-b", Bundle.Path, Id), StringComparison.Ordinal);
                Assert.Empty(Psrun.Containers);
                Assert.True(Directory.Exists(path));
            }
        }
        finally
        {
            SecurityBundle.Execute("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-name", $"pstest-{Id}", "-exec", "rmdir", "{}", "+"]);
        }
    }

    [Fact]
    public void APathThatIsInUseIsRefusedAndItsContainerLivesOn()
    {
        Linux["cgroupsPath"] = "/pstest-" + Id;
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Contains("already has 1 processes", Psrun.Fail(1, "run", "-b", Bundle.Path, "second"), StringComparison.Ordinal);
        Assert.Equal([Id], Psrun.Containers);
        Assert.Equal("running", (string?)JsonNode.Parse(Psrun.Succeed("state", Id))!["status"]);
        Assert.Equal("", Psrun.Succeed("exec", Id, "true"));
    }
}
