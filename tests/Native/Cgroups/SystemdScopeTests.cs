using Container.Native.Cgroups.Hierarchies;
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

    [Theory]
    [InlineData("CollectMode", "'inactive-or-failed'", "CollectMode s 12000000-696E6163746976652D6F722D6661696C656400")]
    [InlineData("TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec t 15CD5B0700000000")]
    [InlineData("TimeoutStopSec", "2", "TimeoutStopUSec t 80841E0000000000")]
    [InlineData("TimeoutStopSec", "0.5", "TimeoutStopUSec t 20A1070000000000")]
    [InlineData("TimeoutStopSec", "byte 0x1", "TimeoutStopUSec t 40420F0000000000")]
    [InlineData("FOOSec", "123", "FOOSec i 7B000000")]
    [InlineData("Delegate", "false", "Delegate b 00000000")]
    [InlineData("Number", "int16 -2", "Number n FEFF")]
    [InlineData("Number", "int64 -2", "Number x FEFFFFFFFFFFFFFF")]
    [InlineData("Number", "double 1", "Number d 000000000000F03F")]
    [InlineData("Number", "uint16 513", "Number q 0102")]
    [InlineData("Words", "[\"a\", 'b\\'']", "Words as 0F000000-01000000-61000000-02000000-622700")]
    [InlineData("Words", "@as []", "Words as 00000000")]
    [InlineData("Numbers", "[uint64 1,2]", "Numbers at 10000000-00000000-01000000-00000000-02000000-00000000")]
    [InlineData("Path", "objectpath '/a'", "Path o 02000000-2F6100")]
    public void An_annotation_is_a_property(string name, string text, string expected)
    {
        SystemdProperty property = Assert.Single(SystemdAnnotations.Read(new Dictionary<string, string>
        {
            ["org.systemd.property." + name] = text,
            ["org.systemd.propert"] = "no",
        }));
        BusWriter writer = new();
        property.Value(writer);
        Assert.Equal(
            expected.Replace("-", "", StringComparison.Ordinal),
            $"{property.Name} {property.Type} {Convert.ToHexString(writer.ToArray())}");
    }

    [Theory]
    [InlineData("Xo", "1", "'Xo' is not the name of a property")]
    [InlineData("Number1", "1", "'Number1' is not the name of a property")]
    [InlineData("ValidName", "invalid-value", "invalid-value: a number from -2147483648 to 2147483647 is expected at character 14")]
    [InlineData("ValidName", "", ": a value is expected at character 1")]
    [InlineData("ValidName", "'a", "'a: ''' is expected at character 3")]
    [InlineData("ValidName", "1 2", "1 2: a value and nothing after it is expected at character 3")]
    [InlineData("ValidName", "byte 256", "byte 256: a number from 0 to 255 is expected at character 9")]
    [InlineData("ValidName", "uint32 'a'", "uint32 'a': a value of type 'u' is expected at character 8")]
    [InlineData("ValidName", "[1,'a']", "[1,'a']: a value of type 'i' is expected at character 4")]
    [InlineData("ValidName", "[]", "[]: a type before the empty array, such as '@as' is expected at character 3")]
    [InlineData("ValidName", "{'a': 1}", "{'a': 1}: a value is expected at character 1")]
    [InlineData("ValidName", "@a{sv} {}", "@a{sv} {}: a type after '@' is expected at character 3")]
    [InlineData("TimeoutStopSec", "'covfefe'", "'covfefe': a time in seconds is expected")]
    [InlineData("TimeoutStopSec", "-1", "-1: a time in seconds is expected")]
    public void An_annotation_that_is_none_is_refused(string name, string text, string problem)
    {
        string key = "org.systemd.property." + name;
        CgroupException failure = Assert.Throws<CgroupException>(
            () => SystemdAnnotations.Read(new Dictionary<string, string> { [key] = text }));
        Assert.Equal($"annotations '{key}': {problem}", failure.Message);
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
