using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>
/// linux.resources and linux.devices as the container's cgroup has them, on v1 and, in the guest of
/// tests/Conformance/uml, on v2.
/// </summary>
public sealed class ResourceTests : ConfigTest
{
    private static bool IsUnified => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    [Fact]
    public void LimitsAreInTheCgroup()
    {
        Linux["resources"] = JsonNode.Parse(
            """
            {"memory":{"limit":67108864,"reservation":33554432},"pids":{"limit":44},
             "cpu":{"shares":512,"quota":20000,"period":50000}}
            """);
        Start();
        if (IsUnified)
        {
            Assert.Equal("67108864", Read("", "memory.max"));
            Assert.Equal("33554432", Read("", "memory.low"));
            Assert.Equal("44", Read("", "pids.max"));
            Assert.Equal("20000 50000", Read("", "cpu.max"));
            Assert.Equal("59", Read("", "cpu.weight"));
            return;
        }

        Assert.Equal("67108864", Read("memory", "memory.limit_in_bytes"));
        Assert.Equal("33554432", Read("memory", "memory.soft_limit_in_bytes"));
        Assert.Equal("44", Read("pids", "pids.max"));
        Assert.Equal("20000", Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("50000", Read("cpu", "cpu.cfs_period_us"));
        Assert.Equal("512", Read("cpu", "cpu.shares"));
    }

    [Fact]
    public void BlockDevicesAreThrottled()
    {
        string? device = Directory.Exists("/sys/block")
            ? Directory.GetDirectories("/sys/block").Select(static d => File.ReadAllText(d + "/dev").Trim()).FirstOrDefault()
            : null;
        Assert.SkipWhen(device is null, "the host has no block device");
        int[] number = [.. device!.Split(':').Select(int.Parse)];
        JsonArray Rate(int rate) => new(new JsonObject { ["major"] = number[0], ["minor"] = number[1], ["rate"] = rate });
        Linux["resources"]!["blockIO"] = new JsonObject
        {
            ["weight"] = 100, ["throttleReadBpsDevice"] = Rate(1048576), ["throttleWriteIOPSDevice"] = Rate(120),
        };
        Save("/bin/sleep", "1000");
        CommandResult result = Psrun.Run("run", "-d", "-b", Bundle.Path, Id);
        Assert.SkipWhen(result.Error.Contains("no such limit", StringComparison.Ordinal), "the kernel cannot throttle");
        Assert.True(result.Code == 0, result.Error);
        if (IsUnified)
        {
            Assert.Equal($"{device} rbps=1048576 wbps=max riops=max wiops=120", Read("", "io.max"));
            return;
        }

        Assert.Equal($"{device} 1048576", Read("blkio", "blkio.throttle.read_bps_device"));
        Assert.Equal($"{device} 120", Read("blkio", "blkio.throttle.write_iops_device"));
    }

    [Fact]
    public void UnifiedKeysAreWrittenOnV2AndRefusedOnV1()
    {
        Linux["resources"]!["unified"] = new JsonObject { ["memory.high"] = "50331648", ["pids.max"] = "55" };
        if (IsUnified)
        {
            Start();
            Assert.Equal(("50331648", "55"), (Read("", "memory.high"), Read("", "pids.max")));
            return;
        }

        Assert.NotEmpty(Refusal());
        Assert.Empty(Psrun.Containers);
    }

    [Theory]
    [InlineData("rdma", """{"mlx5_1":{"hcaHandles":3}}""")]
    [InlineData("hugepageLimits", """[{"pageSize":"2MB","limit":0}]""")]
    [InlineData("network", """{"classID":1048577}""")]
    public void AControllerTheHostLacksIsNamed(string member, string json)
    {
        string controller = member switch { "hugepageLimits" => "hugetlb", "network" => "net_cls", _ => member };
        Assert.SkipWhen(
            File.ReadAllText("/proc/cgroups").Split('\n').Any(
                line => line.StartsWith(controller + "\t", StringComparison.Ordinal)),
            $"this kernel has the {controller} controller");
        Linux["resources"]![member] = JsonNode.Parse(json);
        Assert.Contains(controller, Refusal(), StringComparison.Ordinal);
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void DevicesAreThoseThatAreAllowed()
    {
        AllCapabilities();
        Linux["resources"] = JsonNode.Parse(
            """
            {"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":1,"minor":11,"access":"r"},
                        {"allow":true,"type":"c","major":10,"minor":200,"access":"m"}]}
            """);
        string output = Run(
            "cd /tmp; busybox mknod one c 1 11; busybox mknod two c 10 200; (: <one) && echo reads; (: >one) || echo no write; "
            + "(: <two) || echo no read; busybox mknod three b 7 0 && (: <three) || echo no block; (: >/dev/null) && echo null").Output;
        Assert.Equal("reads\nno write\nno read\nno block\nnull\n", output);
    }

    [Fact]
    public void DevicesOfTheDocumentAreMade()
    {
        Linux["devices"] = JsonNode.Parse(
            """
            [{"path":"/dev/fuse","type":"c","major":10,"minor":229,"fileMode":384,"uid":7,"gid":8},
             {"path":"/dev/sub/disk","type":"b","major":7,"minor":3},{"path":"/dev/pipe","type":"p","fileMode":438},
             {"path":"/dev/null","type":"c","major":1,"minor":3,"fileMode":384}]
            """);
        Assert.Equal(
            "/dev/fuse character special file 600 7:8 a:e5\n/dev/sub/disk block special file 666 0:0 7:3\n"
            + "/dev/pipe fifo 666 0:0 0:0\n/dev/null character special file 600 0:0 1:3",
            Output("busybox stat -c '%n %F %a %u:%g %t:%T' /dev/fuse /dev/sub/disk /dev/pipe /dev/null"));
    }

    [Fact]
    public void TheDefaultDevicesAndLinksAreThere()
    {
        Assert.Equal(
            "/dev/fd /proc/self/fd\n/dev/ptmx pts/ptmx\n/dev/stderr /proc/self/fd/2\n/dev/stdin /proc/self/fd/0\n"
            + "/dev/stdout /proc/self/fd/1\n/dev/full 666 1:7\n/dev/null 666 1:3\n/dev/random 666 1:8\n/dev/tty 666 5:0\n"
            + "/dev/urandom 666 1:9\n/dev/zero 666 1:5",
            Output(
                "cd /; for l in fd ptmx stderr stdin stdout; do echo /dev/$l $(readlink /dev/$l); done; "
                + "busybox stat -c '%n %a %t:%T' /dev/full /dev/null /dev/random /dev/tty /dev/urandom /dev/zero"));
    }

    private void Start()
    {
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
    }

    private string Read(string controller, string file)
    {
        string pid = JsonNode.Parse(Psrun.Succeed("state", Id))!["pid"]!.ToJsonString();
        string line = File.ReadLines($"/proc/{pid}/cgroup").First(l => l.Split(':')[1].Split(',').Contains(controller));
        string root = IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + line.Split(':')[1];
        return File.ReadAllText(root + line.Split(':')[2] + "/" + file).Trim();
    }
}
