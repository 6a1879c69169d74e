using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class IdMapTests : ConfigTest
{
    private const uint HostId = 0x20000000;

    public IdMapTests()
    {
        Directory.CreateDirectory(Source + "/below");
        File.WriteAllText(Source + "/file", "x");
        SecurityBundle.Execute("chown", ["1000:2000", Source + "/file"], 0);
    }

    private string Source => Bundle.Path + "/source";

    private string Ids(string path = "/data/file") => Output($"busybox stat -c %u:%g {path}");

    [Theory]
    [InlineData("idmap")]
    [InlineData("ridmap")]
    [InlineData("bind")]
    public void AMountShowsTheIdsOfItsMapping(string option)
    {
        var mount = Entry("/data", "bind", Source, "rbind", option);
        mount["uidMappings"] = IdMap(1000, 11, 1);
        mount["gidMappings"] = IdMap(2000, 12, 1);
        Mounts.Add((System.Text.Json.Nodes.JsonNode)mount);
        Assert.Equal("11:12", Ids());
    }

    [Fact]
    public void WithoutAMappingTheContainersOwnHolds()
    {
        UseUserNamespace(HostId);
        Mount("/data", "bind", Source, "rbind", "idmap");
        Assert.Equal("1000:2000", Ids());
    }

    [Fact]
    public void AMappingOfItsOwnGoesWithAUserNamespace()
    {
        UseUserNamespace(HostId);
        var mount = Entry("/data", "bind", Source, "rbind", "idmap");
        mount["uidMappings"] = IdMap(1000, HostId + 7, 1);
        mount["gidMappings"] = IdMap(2000, HostId + 8, 1);
        Mounts.Add((System.Text.Json.Nodes.JsonNode)mount);
        Assert.Equal("7:8", Ids());
    }

    [Theory]
    [InlineData("idmap=uids=1000-3-1#0-0-1;gids=2000-4-1", false, "3:4")]
    [InlineData("idmap=uids=@1000-3-1;gids=@2000-4-1", true, "3:4")]
    public void TheFormOfCrunIsRead(string option, bool user, string expected)
    {
        if (user) UseUserNamespace(HostId);
        Mount("/data", "bind", Source, "rbind", option);
        Assert.Equal(expected, Ids());
    }

    [Fact]
    public void WhatIsWrittenGetsTheMappedIds()
    {
        UseUserNamespace(HostId);
        SecurityBundle.Execute("chmod", ["0777", Source], 0);
        Mount("/data", "bind", Source, "rbind", "idmap");
        Process["user"] = new System.Text.Json.Nodes.JsonObject { ["uid"] = 42, ["gid"] = 43 };
        Output("echo x >/data/new");
        Assert.Equal((0, "42:43\n"), SecurityBundle.Execute("stat", ["-c", "%u:%g", Source + "/new"]));
    }

    [Fact]
    public void OnlyARecursiveMappingReachesTheMountsBelow()
    {
        Mount("/one", "bind", Source, "rbind", "idmap=uids=0-5-1;gids=0-5-1");
        Mount("/all", "bind", Source, "rbind", "ridmap=uids=0-5-1;gids=0-5-1");
        Save("/bin/sh", "-c", "busybox stat -c %u:%g /one /one/below /all/below");
        string unshared = $"mount --make-rprivate / && mount -t tmpfs x {Source}/below && "
            + $"exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}";
        Assert.Equal((0, "5:5\n0:0\n5:5\n"), SecurityBundle.Execute("unshare", ["-m", "sh", "-c", unshared]));
    }

    [Fact]
    public void AMappingWithoutIdsIsRefused()
    {
        Mount("/data", "bind", Source, "idmap", "bind");
        Assert.Equal($"mounts[{Mounts.Count - 1}]: idmap needs uidMappings and gidMappings, or a user namespace", Refusal());
    }

    [Fact]
    public void AMappingOfANewFileSystemIsRefused()
    {
        Mount("/data", "tmpfs", "tmpfs", "idmap");
        Assert.Equal($"mounts[{Mounts.Count - 1}]: only a bind mount can map ids", Refusal());
    }

    [Fact]
    public void ATextThatIsNoMappingIsRefused()
    {
        Mount("/data", "bind", Source, "bind", "idmap=uids=0-x-1");
        Assert.Contains("'idmap=uids=0-x-1' is not", Refusal(), StringComparison.Ordinal);
    }
}
