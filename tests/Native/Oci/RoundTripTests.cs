using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Features;
using Xunit;

namespace Container.Native.Tests.Oci;

public sealed class RoundTripTests
{
    [Fact]
    public void EveryMemberSurvivesWritingAndReading()
    {
        OciSpec spec = FullDocument.Create();
        HashSet<string> absent = [];
        HashSet<string> present = [];
        Visit(spec, absent, present);
        Assert.Empty(absent.Except(present));

        byte[] written = OciDocument.Write(spec);
        byte[] again = OciDocument.Write(OciDocument.ReadSpec(written));
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again));
    }

    [Theory]
    [InlineData("process.execCPUAffinity.final", "\"0-1,3\"")]
    [InlineData("process.user.additionalGids", "[3,4]")]
    [InlineData("linux.uidMappings", "[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]")]
    [InlineData("linux.resources.blockIO.throttleReadIOPSDevice", "[{\"major\":8,\"minor\":0,\"rate\":3}]")]
    [InlineData("linux.resources.blockIO.throttleWriteBpsDevice", "[{\"major\":8,\"minor\":0,\"rate\":2}]")]
    [InlineData("linux.resources.memory.kernelTCP", "10")]
    [InlineData("linux.resources.memory.disableOOMKiller", "true")]
    [InlineData("linux.resources.network.classID", "1048577")]
    [InlineData("linux.resources.hugepageLimits", "[{\"pageSize\":\"2MB\",\"limit\":4096}]")]
    [InlineData("linux.intelRdt.closID", "\"class\"")]
    [InlineData("linux.intelRdt.l3CacheSchema", "\"L3:0=ff\"")]
    [InlineData("linux.timeOffsets", "{\"boottime\":{\"secs\":-5,\"nanosecs\":6}}")]
    [InlineData("linux.netDevices", "{\"eth7\":{\"name\":\"eth0\"}}")]
    [InlineData("process.noNewPrivileges", "true")]
    public void MembersHaveTheNamesOfTheSpecification(string path, string json)
    {
        JsonNode node = JsonNode.Parse(OciDocument.Write(FullDocument.Create()))!;
        foreach (string name in path.Split('.')) node = node[name]!;
        Assert.Equal(json, node.ToJsonString());
    }

    [Fact]
    public void TextIsWrittenAsItIs()
    {
        string json = Encoding.UTF8.GetString(OciDocument.Write(FullDocument.Create()));
        Assert.Contains("värde \\\"quoted\\\"", json, StringComparison.Ordinal);
        Assert.Equal("värde \"quoted\" 🐧\n", Documents.Read(json).Annotations!["org.example/key"]);
    }

    [Fact]
    public void NothingIsWrittenForNull() => Assert.Equal(
        """{"ociVersion":"1.3.0","root":{"path":"r","readonly":false}}""",
        Encoding.UTF8.GetString(OciDocument.Write(new OciSpec { OciVersion = "1.3.0", Root = new OciRoot { Path = "r" } })));

    [Fact]
    public void NullAndEmptyTextCountAsAbsent()
    {
        OciSpec spec = Documents.Read(
            """
            {"ociVersion":"1.0.2-dev","process":{"args":["sh"],"cwd":"/","user":null,"selinuxLabel":"","env":null},
             "root":{"path":"rootfs"},"hostname":"","linux":{"namespaces":[{"type":"pid","path":""}],"resources":null}}
            """);
        Assert.Null(spec.Hostname);
        Assert.Null(spec.Process!.SelinuxLabel);
        Assert.Null(spec.Process.Env);
        Assert.Equal(0u, spec.Process.User.Uid);
        Assert.Null(spec.Linux!.Namespaces![0].Path);
        Assert.Null(spec.Linux.Resources);
    }

    [Fact]
    public void UnknownMembersAreSkipped()
    {
        OciSpec spec = Documents.Read(
            """
            {"x":[{"y":[1,"]",{"z":null}]},-1.5e3,true],"ociVersion":"1.3.0","windows":{"layerFolders":["a"]},
             "process":{"args":["sh"],"commandLine":"x","cwd":"/"},"root":{"path":"rootfs","y":{}}}
            """);
        Assert.Equal("sh", spec.Process!.Args![0]);
        Assert.Equal("rootfs", spec.Root!.Path);
    }

    [Fact]
    public void EscapedNamesAreTheSameNames() => Assert.Equal(
        "rootfs", Documents.Read(Documents.Minimal.Replace("\"root\"", "\"r\\u006fot\"", StringComparison.Ordinal)).Root!.Path);

    [Fact]
    public void ProcessAndStateAndFeaturesRoundTrip()
    {
        OciProcess process = FullDocument.CreateProcess();
        byte[] written = OciDocument.Write(process);
        Assert.Equal(written, OciDocument.Write(OciDocument.ReadProcess(written)));

        OciState state = new()
        {
            OciVersion = "1.3.0",
            Id = "x",
            Status = "running",
            Pid = 5,
            Bundle = "/b",
            Annotations = new Dictionary<string, string> { ["a"] = "b" },
        };
        written = OciDocument.Write(state);
        Assert.Equal(
            """{"ociVersion":"1.3.0","id":"x","status":"running","pid":5,"bundle":"/b","annotations":{"a":"b"}}""",
            Encoding.UTF8.GetString(written));
        Assert.Equal(written, OciDocument.Write(OciDocument.ReadState(written)));

        OciFeatures features = new()
        {
            OciVersionMin = "1.0.0",
            Linux = new OciFeaturesLinux
            {
                MountExtensions = new OciFeaturesMountExtensions { Idmap = new OciFeaturesEnabled { Enabled = true } },
            },
        };
        Assert.Equal(
            """{"ociVersionMin":"1.0.0","linux":{"mountExtensions":{"idmap":{"enabled":true}}}}""",
            Encoding.UTF8.GetString(OciDocument.Write(features)));
        Assert.True(OciDocument.ReadFeatures(OciDocument.Write(features)).Linux!.MountExtensions!.Idmap!.Enabled);
    }

    [Fact]
    public void MonitorDocumentsRoundTrip()
    {
        MonitorRequest request = new()
        {
            Id = "i",
            Name = "n",
            Bundle = "/b",
            StateDirectory = "/s",
            Rootfs = new MonitorRootfs { Lower = ["/l1", "/l2"], Upper = "/u", Work = "/w", IdMap = true },
            LogPath = "/log",
            Journal = new MonitorJournal { Socket = "/socket", Tag = "t" },
            TimeLimitSeconds = 4,
            Removal = new OciHook { Path = "/p", Args = ["p", "a"], Env = ["A=1"], Timeout = 5 },
            OwnerPid = 6,
            OwnerStartTime = ulong.MaxValue,
        };
        byte[] written = MonitorDocument.Write(request);
        Assert.Equal(written, MonitorDocument.Write(MonitorDocument.ReadRequest(written)));

        MonitorState state = new()
        {
            Status = "exited",
            Pid = 3,
            PidStartTime = ulong.MaxValue,
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            ExitCode = 137,
            Signal = 9,
            OutOfMemory = true,
            Error = new MonitorMessage { Type = "error", Errno = 2 },
        };
        Assert.Equal(state, MonitorDocument.ReadState(MonitorDocument.Write(state)));
        MonitorMessage message = new() { Type = "resize", Width = 80, Height = 24 };
        Assert.Equal("""{"type":"resize","width":80,"height":24}""", Encoding.UTF8.GetString(MonitorDocument.Write(message)));
        Assert.Equal(message, MonitorDocument.ReadMessage(MonitorDocument.Write(message)));
    }

    [Fact]
    public void WhatMonitorJsonLeavesOutHasItsDefault()
    {
        MonitorRequest request = MonitorDocument.ReadRequest("{\"id\":\"x\"}"u8);
        Assert.Equal(10 * 1024 * 1024, request.LogMaxBytes);
        Assert.Equal(3, request.LogMaxFiles);
        Assert.Null(request.Rootfs.Path);
    }

    // A member that is added to a record and not to this test would otherwise be read and written untested.
    private static void Visit(object value, HashSet<string> absent, HashSet<string> present)
    {
        foreach (PropertyInfo property in value.GetType().GetProperties())
        {
            object? member = property.GetValue(value);
            (member is null ? absent : present).Add($"{value.GetType().Name}.{property.Name}");
            if (member is IDictionary map) member = map.Values;
            IEnumerable items = member is IEnumerable list and not string ? list : new[] { member };
            foreach (object? item in items)
            {
                if (item?.GetType().Namespace == typeof(OciSpec).Namespace) Visit(item!, absent, present);
            }
        }
    }
}
