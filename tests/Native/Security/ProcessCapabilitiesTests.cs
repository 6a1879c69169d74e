using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Security;

public sealed unsafe class ProcessCapabilitiesTests
{
    private static readonly string[] Some = ["CAP_CHOWN", "CAP_KILL"];

    [Fact]
    public void Nothing_asked_for_is_nothing_given()
    {
        ProcessCapabilities result = ProcessCapabilities.Create(null, CapabilitySet.Supported);
        Assert.Equal(CapabilitySet.Empty, result.Bounding | result.Effective | result.Permitted);
        Assert.Equal(CapabilitySet.Empty, result.Inheritable | result.Ambient);
        Assert.Empty(result.Warnings);
        Assert.Equal(default, result.ToNative());
    }

    // CVE-2022-29162, CVE-2022-27649, CVE-2022-24769.
    [Fact]
    public void Inheritable_stays_empty_unless_it_is_asked_for()
    {
        var request = new OciCapabilities { Bounding = Some, Effective = Some, Permitted = Some };
        ProcessCapabilities result = ProcessCapabilities.Create(request, CapabilitySet.Supported);
        Assert.Equal(CapabilitySet.Empty, result.Inheritable);
        Assert.Equal(CapabilitySet.Empty, result.ToNative().Inheritable);
        Assert.Equal(CapabilitySet.Parse(Some), result.ToNative().Effective);
        Assert.Equal(CapabilitySet.Parse(Some), result.ToNative().Permitted);
        Assert.Equal(CapabilitySet.Parse(Some), result.Bounding);
    }

    [Theory]
    [InlineData("CAP_FLY", "is not the name of a capability")]
    [InlineData("chown", "is not the name of a capability")]
    [InlineData("CAP_SYS_RESOURCE", "cannot be granted")]
    public void What_cannot_be_granted_is_left_out_with_a_warning(string name, string warning)
    {
        CapabilitySet grantable = CapabilitySet.Supported - CapabilitySet.Parse(["SYS_RESOURCE"]);
        var request = new OciCapabilities { Bounding = [name, "CAP_KILL"] };
        ProcessCapabilities result = ProcessCapabilities.Create(request, grantable);
        Assert.Equal(CapabilitySet.Parse(["KILL"]), result.Bounding);
        string text = Assert.Single(result.Warnings);
        Assert.Contains($"bounding: '{name}'", text, StringComparison.Ordinal);
        Assert.Contains(warning, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_kernel_would_refuse_is_left_out_with_a_warning()
    {
        var request = new OciCapabilities
        {
            Bounding = ["CAP_KILL"],
            Permitted = ["CAP_KILL", "CAP_CHOWN"],
            Effective = ["CAP_KILL", "CAP_FOWNER"],
            Inheritable = ["CAP_KILL", "CAP_CHOWN"],
            Ambient = ["CAP_KILL", "CAP_CHOWN"],
        };
        ProcessCapabilities result = ProcessCapabilities.Create(request, CapabilitySet.Supported);
        CapabilitySet kill = CapabilitySet.Parse(["KILL"]);
        Assert.Equal((kill, kill, kill), (result.Effective, result.Inheritable, result.Ambient));
        Assert.Equal(
            ["process.capabilities.effective: 'CAP_FOWNER'", "process.capabilities.inheritable: 'CAP_CHOWN'",
                "can't raise ambient capability CAP_CHOWN: it"],
            result.Warnings.Select(text => text.Split(" is ")[0]));
    }

    [Fact]
    public void What_is_wrong_with_a_capability_in_several_sets_is_said_once()
    {
        string[] names = ["CAP_FLY"];
        ProcessCapabilities result = ProcessCapabilities.Create(
            new OciCapabilities { Bounding = names, Permitted = names, Effective = names }, CapabilitySet.Supported);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void A_number_above_31_lands_in_the_second_word()
    {
        string[] both = ["CAP_SETFCAP", "CAP_SYSLOG"];
        CapabilityData data = ProcessCapabilities.Create(
            new OciCapabilities { Permitted = both, Effective = both }, CapabilitySet.Supported).ToNative();
        Assert.Equal((1u << 31, 4u), (data.PermittedLow, data.PermittedHigh));
        Assert.Equal((1u << 31, 4u), (data.EffectiveLow, data.EffectiveHigh));
    }

    // CVE-2017-16539 and its row in the test list.
    [Theory]
    [InlineData("acpi")]
    [InlineData("asound")]
    [InlineData("kcore")]
    [InlineData("keys")]
    [InlineData("latency_stats")]
    [InlineData("timer_list")]
    [InlineData("timer_stats")]
    [InlineData("sched_debug")]
    [InlineData("scsi")]
    [InlineData("interrupts")]
    public void A_file_of_proc_that_tells_about_the_machine_is_masked(string name) =>
        Assert.Contains($"/proc/{name}", DefaultPaths.Masked);

    [Fact]
    public void No_path_is_both_masked_and_read_only_and_none_contains_another()
    {
        string[] all = [.. DefaultPaths.Masked, .. DefaultPaths.ReadOnly];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.DoesNotContain(all, path => all.Any(other => path.StartsWith(other + "/", StringComparison.Ordinal)));
        Assert.Contains("/sys/firmware", DefaultPaths.Masked);
        Assert.Contains("/sys/kernel/irq", DefaultPaths.Masked);
        Assert.Contains("/sys/devices/virtual/powercap", DefaultPaths.Masked);
        Assert.Contains("/proc/sys", DefaultPaths.ReadOnly);
    }

    [Fact]
    public void The_default_devices_are_those_of_this_machine()
    {
        foreach (OciDevice device in DefaultDevices.Nodes)
        {
            FileStatus status;
            Assert.Equal(
                0, FileCalls.statx(FileCalls.AT_FDCWD, device.Path, 0, FileStatus.STATX_BASIC_STATS, &status));
            Assert.Equal((device.Major, device.Minor), (status.SpecialMajor, status.SpecialMinor));
            Assert.Equal(FileCalls.S_IFCHR | device.FileMode!.Value, (uint)status.Mode);
        }
    }
}
