using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>Devices that move from a network namespace of the test's own into the container's.</summary>
public sealed class NetDeviceTests : ConfigTest
{
    private const string Links = "ip link add one type veth peer name two && "
        + "ip address add 10.1.2.3/24 brd + dev one && ip address add fd00::5/64 dev one nodad && ";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADeviceMovesWithItsAddressesAndIsUp(bool user)
    {
        if (user) UseUserNamespace(0x20000000);
        Linux["netDevices"] = new JsonObject
        {
            ["one"] = new JsonObject { ["name"] = "renamed" }, ["two"] = new JsonObject(),
        };
        (int code, string output) = Unshared("busybox ip -o address show renamed; busybox ip -o link show two; cat /sys/class/net/lo/flags");
        Assert.True(code == 0, output);
        Assert.Contains("inet 10.1.2.3/24 brd 10.1.2.255 scope global renamed", output, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00::5/64 scope global", output, StringComparison.Ordinal);
        Assert.EndsWith("\n0x9\n", output, StringComparison.Ordinal);
        string two = output.Split('\n').First(static l => l.Contains(" two@", StringComparison.Ordinal));
        Assert.Contains(",UP", two, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeviceThatIsNotThereIsNamed()
    {
        Linux["netDevices"] = new JsonObject { ["nosuch"] = new JsonObject() };
        (int code, string output) = Unshared("true");
        Assert.Equal((1, "psrun: find network device 'nosuch': No such device (ENODEV)\n"), (code, output));
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void ANameThatIsTakenIsAnError()
    {
        Linux["netDevices"] = new JsonObject { ["one"] = new JsonObject { ["name"] = "lo" } };
        (int code, string output) = Unshared("true");
        Assert.Equal((1, "psrun: move network device 'one': File exists (EEXIST)\n"), (code, output));
    }

    [Fact]
    public void WithoutANetworkNamespaceItIsRefused()
    {
        RemoveNamespace("network");
        Linux["netDevices"] = new JsonObject { ["one"] = new JsonObject() };
        Assert.EndsWith("linux.netDevices.one: needs a network namespace", Refusal(), StringComparison.Ordinal);
    }

    private (int Code, string Output) Unshared(string script)
    {
        Assert.SkipUnless(File.Exists("/sbin/ip") || File.Exists("/usr/sbin/ip"), "iproute2 is not installed");
        Save("/bin/sh", "-c", script);
        return SecurityBundle.Execute(
            "unshare", ["-n", "sh", "-c", $"{Links} exec {Psrun.Executable} --root {Psrun.Root} run -b {Bundle.Path} {Id}"]);
    }
}
