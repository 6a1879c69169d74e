using Container.Engine.Configuration;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class SpecResourcesTests
{
    [Fact]
    public void Limits_are_translated()
    {
        TestUser.RequireLimits();
        OciResources resources = Resources(new()
        {
            Memory = 64 << 20, MemorySwap = 128 << 20, MemoryReservation = 32 << 20, Cpu = 0.5, CpuSet = "0",
            PidsLimit = 10,
            BlockIOWeight = 500,
        });

        Assert.Equal((64 << 20, 128 << 20, 32 << 20), (
            resources.Memory!.Limit, resources.Memory.Swap, resources.Memory.Reservation));
        Assert.Equal((50_000L, 100_000ul, "0"), (resources.Cpu!.Quota, resources.Cpu.Period, resources.Cpu.Cpus));
        Assert.Equal(10, resources.Pids!.Limit);
        Assert.Equal((ushort)500, resources.BlockIo!.Weight);
    }

    [Fact]
    public void Limits_out_of_range_are_refused()
    {
        TestUser.RequireLimits();
        SpecTest.AssertInvalid(new ContainerConfiguration { Memory = 1024 });
        SpecTest.AssertInvalid(new ContainerConfiguration { Memory = 64 << 20, MemorySwap = 32 << 20 });
        SpecTest.AssertInvalid(new ContainerConfiguration { MemorySwap = 32 << 20 });
        SpecTest.AssertInvalid(new ContainerConfiguration { Memory = 64 << 20, MemoryReservation = 65 << 20 });
        SpecTest.AssertInvalid(new ContainerConfiguration { Cpu = 0 });
        SpecTest.AssertInvalid(new ContainerConfiguration { Cpu = double.NaN });
        SpecTest.AssertInvalid(new ContainerConfiguration { Cpu = Environment.ProcessorCount + 1 });
        SpecTest.AssertInvalid(new ContainerConfiguration { CpuSet = "0;1" });
        SpecTest.AssertInvalid(new ContainerConfiguration { CpuWeight = 0 });
        SpecTest.AssertInvalid(new ContainerConfiguration { PidsLimit = 0 });
        SpecTest.AssertInvalid(new ContainerConfiguration { BlockIOWeight = 5 });
        SpecTest.AssertInvalid(new ContainerConfiguration { OomScoreAdjust = 2000 });
        SpecTest.AssertInvalid(new ContainerConfiguration { ShmSize = 0 });
        SpecTest.AssertInvalid(new ContainerConfiguration
        {
            DeviceReadBps = new Dictionary<string, long> { ["/dev/null"] = 1 },
        });
    }

    [Fact]
    public void Resource_limits_have_names_soft_and_hard_values()
    {
        OciProcess process = SpecTest.Build(new ContainerConfiguration
        {
            Ulimit = ["nofile=512:1024", "CORE=0", "memlock=unlimited"], OomScoreAdjust = 100,
        }).Process!;

        Assert.Equal(
            [
                ("RLIMIT_NOFILE", 512ul, 1024ul),
                ("RLIMIT_CORE", 0ul, 0ul),
                ("RLIMIT_MEMLOCK", ulong.MaxValue, ulong.MaxValue),
            ],
            process.Rlimits!.Select(limit => (limit.Type, limit.Soft, limit.Hard)));
        Assert.Equal(100, process.OomScoreAdj);
        foreach (string bad in (string[])["nofile", "nofile=", "nofile=2:1", "nofile=a", "files=1", "nofile=1:2:3"])
        {
            SpecTest.AssertInvalid(new ContainerConfiguration { Ulimit = [bad] });
        }
    }

    [Fact]
    public void Devices_come_with_a_rule()
    {
        ContainerConfiguration configuration = new() { Device = ["/dev/kmsg:/dev/log:rw"] };
        OciSpec mapped = SpecTest.Build(configuration);
        OciSpec spec = SpecTest.Build(configuration with { UserNamespace = NamespaceMode.Host });

        Assert.Equal(mapped.Linux!.Devices!, spec.Linux!.Devices!);
        Assert.DoesNotContain(mapped.Mounts!, mount => mount.Destination == "/dev/log");
        OciDevice device = Assert.Single(spec.Linux.Devices!);
        Assert.Equal(("/dev/log", "c", 1L, 11L), (device.Path, device.Type, device.Major, device.Minor));
        OciDeviceCgroup rule = spec.Linux.Resources!.Devices![^1];
        Assert.Equal((true, 1L, 11L, "rw"), (rule.Allow, rule.Major, rule.Minor, rule.Access));
        Assert.False(spec.Linux.Resources.Devices[0].Allow);
        foreach (string bad in (string[])["kmsg", "/dev/none", "/etc/passwd", "/dev/kmsg:x", "/dev/kmsg:/a:/b:rwm"])
        {
            SpecTest.AssertInvalid(new ContainerConfiguration { Device = [bad] });
        }
    }

    private static OciResources Resources(ContainerConfiguration configuration) =>
        SpecTest.Build(configuration).Linux!.Resources!;
}
