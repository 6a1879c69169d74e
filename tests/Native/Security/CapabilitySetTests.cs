using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Security;

public sealed unsafe class CapabilitySetTests
{
    [Theory]
    [InlineData("CAP_CHOWN", 0)]
    [InlineData("cap_setfcap", 31)]
    [InlineData("SYS_ADMIN", 21)]
    [InlineData("CAP_CHECKPOINT_RESTORE", 40)]
    [InlineData("CAP_NONSENSE", -1)]
    [InlineData("CAP_", -1)]
    [InlineData("", -1)]
    [InlineData(null, -1)]
    public void A_name_has_the_number_of_the_kernel_header(string? name, int number) =>
        Assert.Equal(number, CapabilitySet.NumberOf(name));

    [Fact]
    public void All_41_names_are_the_bits_in_order()
    {
        IReadOnlyList<string> names = CapabilitySet.Known.Names;
        Assert.Equal(41, names.Count);
        for (int number = 0; number < names.Count; number++)
        {
            Assert.Equal(1UL << number, CapabilitySet.Parse([names[number]]).Bits);
        }
    }

    [Fact]
    public void The_default_is_the_eleven_of_podman() =>
        Assert.Equal(
            "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP "
            + "CAP_NET_BIND_SERVICE CAP_SYS_CHROOT CAP_SETFCAP",
            CapabilitySet.Default.ToString());

    // CVE-2022-0185, CVE-2021-22555: the bugs were reached through these.
    [Theory]
    [InlineData("NET_RAW")]
    [InlineData("NET_ADMIN")]
    [InlineData("SYS_ADMIN")]
    [InlineData("MKNOD")]
    [InlineData("AUDIT_WRITE")]
    public void The_default_leaves_out(string name) => Assert.False(CapabilitySet.Default.Contains(name));

    [Fact]
    public void An_unknown_name_is_refused() =>
        Assert.StartsWith(
            "'CAP_FLY' is not the name of a capability",
            Assert.Throws<FormatException>(() => CapabilitySet.Parse(["CAP_FLY"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void All_is_what_the_kernel_knows()
    {
        int last = int.Parse(File.ReadAllText("/proc/sys/kernel/cap_last_cap"), null);
        Assert.Equal(last, CapabilitySet.LastSupported);
        Assert.Equal((1UL << (last + 1)) - 1, CapabilitySet.Parse(["ALL"]).Bits);
    }

    [Fact]
    public void The_bounding_set_is_that_of_proc() =>
        Assert.Equal(Status("CapBnd:"), CapabilitySet.ReadBounding().Bits);

    [Fact]
    public void The_kernel_reads_the_native_form_as_we_do()
    {
        uint* header = stackalloc uint[] { CapabilityData.Version, 0 };
        CapabilityData data;
        Assert.Equal(0, Credentials.capget(header, &data));
        Assert.Equal(Status("CapEff:"), data.Effective.Bits);
        Assert.Equal(Status("CapPrm:"), data.Permitted.Bits);
        Assert.Equal(Status("CapInh:"), data.Inheritable.Bits);
        Assert.Equal(data, new CapabilityData(data.Effective, data.Permitted, data.Inheritable));
    }

    private static ulong Status(string name) => Convert.ToUInt64(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[7..].Trim(),
        16);
}
