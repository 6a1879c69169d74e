using Container.Native.Cgroups.Devices;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Legacy;
using Container.Native.Cgroups.Unified;
using Container.Native.Oci;
using Xunit;

namespace Container.Native.Tests.Cgroups.Devices;

public sealed class DeviceRulesTests
{
    private static readonly OciDeviceCgroup DenyAll = new() { Allow = false, Access = "rwm" };
    private static readonly OciDeviceCgroup AllowAll = new() { Allow = true, Type = "a", Access = "rwm" };

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 5)]
    [InlineData(1, 7)]
    [InlineData(1, 8)]
    [InlineData(1, 9)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(136, 17)]
    public void TheDefaultListIsAllowed(uint major, uint minor)
    {
        IReadOnlyList<OciDeviceCgroup>?[] lists = [null, [], [DenyAll]];
        foreach (IReadOnlyList<OciDeviceCgroup>? configured in lists)
        {
            Assert.True(Allows(configured, DeviceKind.Character, major, minor, DeviceAccess.All));
        }
    }

    [Fact]
    public void AnythingElseIsDeniedButItsNodeMayBeMade()
    {
        Assert.False(Allows([DenyAll], DeviceKind.Block, 8, 0, DeviceAccess.Read));
        Assert.False(Allows([DenyAll], DeviceKind.Character, 1, 1, DeviceAccess.Read));
        Assert.False(Allows(null, DeviceKind.Character, 10, 229, DeviceAccess.Write));
        Assert.True(Allows([DenyAll], DeviceKind.Block, 8, 0, DeviceAccess.MakeNode));
        Assert.False(Allows([DenyAll], DeviceKind.Block, 8, 0, DeviceAccess.MakeNode | DeviceAccess.Read));
    }

    [Fact]
    public void AllowingAllNeedsNoProgram()
    {
        DeviceRules rules = DeviceRules.Create([DenyAll, AllowAll]);
        Assert.True(rules.AllowsByDefault);
        Assert.Empty(rules.Rules);
    }

    [Fact]
    public void TheLastMatchingRuleDecidesOnEachAccess()
    {
        OciDeviceCgroup[] configured =
        [
            AllowAll,
            Rule(false, "b", 8, null, "rw"),
            Rule(true, "b", 8, 1, "r"),
        ];
        Assert.True(Allows(configured, DeviceKind.Block, 9, 0, DeviceAccess.All));
        Assert.False(Allows(configured, DeviceKind.Block, 8, 0, DeviceAccess.Read));
        Assert.True(Allows(configured, DeviceKind.Block, 8, 1, DeviceAccess.Read));
        Assert.False(Allows(configured, DeviceKind.Block, 8, 1, DeviceAccess.Read | DeviceAccess.Write));
        Assert.True(Allows(configured, DeviceKind.Block, 8, 0, DeviceAccess.MakeNode));
    }

    [Fact]
    public void WhatTakesAwayAllTakesAll()
    {
        OciDeviceCgroup[] configured = [AllowAll, Rule(false, "c", 1, 11, "ra")];
        Assert.False(Allows(configured, DeviceKind.Character, 1, 11, DeviceAccess.Write));
        Assert.True(Allows(configured, DeviceKind.Character, 1, 12, DeviceAccess.Write));
    }

    [Theory]
    [InlineData("x", null, "rwm")]
    [InlineData("c", null, "rwx")]
    [InlineData("c", -2L, "r")]
    [InlineData("p", 1L, "r")]
    public void RulesThatAreNoneAreRefused(string type, long? major, string access) =>
        Assert.Throws<CgroupException>(() => DeviceRules.Create([Rule(true, type, major, null, access)]));

    // Every list against a straightforward reading of the specification: in order, the last match decides.
    [Fact]
    public void TheProgramSaysWhatTheListSays()
    {
        Random random = new(20260101);
        for (int list = 0; list < 400; list++)
        {
            OciDeviceCgroup[] configured = new OciDeviceCgroup[random.Next(0, 12)];
            for (int i = 0; i < configured.Length; i++) configured[i] = RandomRule(random);
            DeviceRules rules = DeviceRules.Create(configured);
            ulong[] program = DeviceProgram.Assemble(rules);
            for (int query = 0; query < 60; query++)
            {
                DeviceKind kind = random.Next(2) == 0 ? DeviceKind.Block : DeviceKind.Character;
                uint major = (uint)random.Next(0, 4);
                uint minor = (uint)random.Next(0, 4);
                DeviceAccess access = (DeviceAccess)random.Next(1, 8);
                bool expected = true;
                foreach (DeviceAccess one in new[] { DeviceAccess.Read, DeviceAccess.Write, DeviceAccess.MakeNode })
                {
                    if ((access & one) != 0) expected &= Decide(rules, kind, major, minor, one);
                }

                Assert.Equal(expected, DeviceProgramInterpreter.Allows(program, kind, major, minor, access));
            }
        }
    }

    [Fact]
    public void TheV1ListMergesAndWithdraws()
    {
        DeviceRules rules = DeviceRules.Create(
        [
            DenyAll,
            Rule(true, "c", 10, 229, "r"),
            Rule(true, "c", 10, 229, "w"),
            Rule(true, "b", 8, 0, "rwm"),
            Rule(false, "b", 8, null, "w"),
        ]);
        List<DeviceRule> exceptions = LegacyDevices.Exceptions(rules);
        Assert.Contains(exceptions, rule => rule is { Devices: "c 10:229", AccessText: "rw" });
        Assert.Contains(exceptions, rule => rule is { Devices: "b 8:0", AccessText: "rm" });
        Assert.Contains(exceptions, rule => rule is { Devices: "c *:*", AccessText: "m" });
        Assert.DoesNotContain(exceptions, rule => !rule.Allow);
    }

    [Fact]
    public void WhatTheV1ListCannotExpressIsRefused()
    {
        DeviceRules rules = DeviceRules.Create(
            [DenyAll, Rule(true, "c", 1, null, "rwm"), Rule(false, "c", 1, 1, "rw")]);
        CgroupException error = Assert.Throws<CgroupException>(() => LegacyDevices.Exceptions(rules));
        Assert.Contains("c 1:1 rw", error.Message, StringComparison.Ordinal);
    }

    private static bool Decide(DeviceRules rules, DeviceKind kind, uint major, uint minor, DeviceAccess access)
    {
        bool allowed = rules.AllowsByDefault;
        foreach (DeviceRule rule in rules.Rules)
        {
            if (rule.Kind == kind && (rule.Major < 0 || rule.Major == major) &&
                (rule.Minor < 0 || rule.Minor == minor) && (rule.Access & access) != 0)
            {
                allowed = rule.Allow;
            }
        }

        return allowed;
    }

    private static bool Allows(
        IReadOnlyList<OciDeviceCgroup>? configured, DeviceKind kind, uint major, uint minor, DeviceAccess access) =>
        DeviceProgramInterpreter.Allows(
            DeviceProgram.Assemble(DeviceRules.Create(configured)), kind, major, minor, access);

    private static OciDeviceCgroup Rule(bool allow, string type, long? major, long? minor, string access) =>
        new() { Allow = allow, Type = type, Major = major, Minor = minor, Access = access };

    private static OciDeviceCgroup RandomRule(Random random)
    {
        string[] accesses = ["r", "w", "m", "rw", "rwm", "rm"];
        return Rule(
            random.Next(2) == 0, random.Next(8) == 0 ? "a" : random.Next(2) == 0 ? "b" : "c",
            random.Next(3) == 0 ? null : random.Next(0, 4), random.Next(3) == 0 ? null : random.Next(0, 4),
            accesses[random.Next(accesses.Length)]);
    }
}
