using Container.Native.Cgroups;
using Container.Native.Cgroups.Systemd;
using Container.Native.Oci;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>
/// What of the systemd driver needs no systemd; R <c>Config.SystemdTests</c> speaks with a real one.
/// </summary>
public sealed class SystemdScopeTests
{
    [Theory]
    [InlineData("machine.slice:libpod:abc", "/machine.slice/libpod-abc.scope")]
    [InlineData("a-b-c.slice:p:n", "/a.slice/a-b.slice/a-b-c.slice/p-n.scope")]
    [InlineData("-.slice:p:n", "/p-n.scope")]
    [InlineData("system.slice::n", "/system.slice/n.scope")]
    [InlineData(":p:n", "/system.slice/p-n.scope")]
    [InlineData(null, "/system.slice/psrun-id.scope")]
    public void A_path_is_that_of_a_scope(string? cgroupsPath, string expected) =>
        Assert.Equal(expected, SystemdScope.Parse(cgroupsPath, "id", rootless: false).Path);

    [Theory]
    [InlineData("/a/b")]
    [InlineData("a:b")]
    [InlineData("x:p:n")]
    [InlineData("-a.slice:p:n")]
    [InlineData("a..slice/..:p:n")]
    [InlineData("a.slice:p:../../n")]
    [InlineData("a.slice:p:n\n")]
    [InlineData("a.slice:p:n.slice")]
    public void What_is_no_scope_is_refused(string cgroupsPath) =>
        Assert.Throws<CgroupException>(() => SystemdScope.Parse(cgroupsPath, "id", rootless: false));

    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        BusWriter body = new();
        body.Text("unit.scope");
        SystemdProperty.Write(body, [SystemdProperty.Process(7), SystemdProperty.Number("MemoryMax", 1)]);
        BusMessage message = new()
        {
            Type = BusMessage.Call, Serial = 3, Path = "/a/b", Interface = "x.y", Member = "Start", Destination = "d.e",
            Signature = "sa(sv)", Body = body.ToArray(),
        };
        byte[] bytes = message.ToArray();
        Assert.Equal(bytes.Length, BusMessage.LengthOf(bytes));
        BusMessage read = BusMessage.Parse(bytes);
        Assert.Equal(message with { Body = [] }, read with { Body = [] });
        Assert.Equal(message.Body, read.Body);
        Assert.Equal("unit.scope", new BusReader(read.Body).Text());
    }

    [Fact]
    public void Limits_are_properties_of_the_unit()
    {
        OciResources resources = new()
        {
            Memory = new OciMemory { Limit = -1 },
            Cpu = new OciCpu { Quota = 33_333, Period = 100_000, Cpus = "0,2,9" },
            Pids = new OciPids { Limit = 0 },
        };
        Assert.Equal(
            ["TasksMax=1", "MemoryMax=18446744073709551615", "MemorySwapMax=18446744073709551615",
                "CPUQuotaPerSecUSec=340000", "AllowedCPUs=0502"],
            SystemdLimits.Create(resources, unified: true).Select(Show));
    }

    private static string Show(SystemdProperty property)
    {
        BusWriter writer = new();
        property.Value(writer);
        byte[] bytes = writer.ToArray();
        return property.Type == "t"
            ? $"{property.Name}={BitConverter.ToUInt64(bytes)}"
            : $"{property.Name}={Convert.ToHexString(bytes.AsSpan(4, 2))}";
    }
}
