using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Devices;

/// <summary>
/// Which devices a container may use: the rules of the runtime specification in order, the last that matches decides;
/// nothing matches, nothing is allowed. Every container has the default list (that of runc) on top.
/// </summary>
internal sealed class DeviceRules
{
    private static readonly DeviceRule[] Defaults =
    [
        new(true, DeviceKind.Character, DeviceRule.Any, DeviceRule.Any, DeviceAccess.MakeNode),
        new(true, DeviceKind.Block, DeviceRule.Any, DeviceRule.Any, DeviceAccess.MakeNode),
        new(true, DeviceKind.Character, 1, 3, DeviceAccess.All), // null
        new(true, DeviceKind.Character, 1, 5, DeviceAccess.All), // zero
        new(true, DeviceKind.Character, 1, 7, DeviceAccess.All), // full
        new(true, DeviceKind.Character, 1, 8, DeviceAccess.All), // random
        new(true, DeviceKind.Character, 1, 9, DeviceAccess.All), // urandom
        new(true, DeviceKind.Character, 5, 0, DeviceAccess.All), // tty
        new(true, DeviceKind.Character, 5, 1, DeviceAccess.All), // console
        new(true, DeviceKind.Character, 5, 2, DeviceAccess.All), // ptmx
        new(true, DeviceKind.Character, 136, DeviceRule.Any, DeviceAccess.All), // pts/*
    ];

    private readonly List<DeviceRule> rules = [];

    private DeviceRules()
    {
    }

    /// <summary>What is decided about a device that no rule matches.</summary>
    public bool AllowsByDefault { get; private set; }

    /// <summary>The rules, of which the last that matches decides.</summary>
    public IReadOnlyList<DeviceRule> Rules => rules;

    /// <summary>The rules of a configuration, and the default list.</summary>
    public static DeviceRules Create(IReadOnlyList<OciDeviceCgroup>? configured)
    {
        DeviceRules result = new();
        foreach (OciDeviceCgroup rule in configured ?? []) result.Add(rule);
        if (!result.AllowsByDefault || result.rules.Count > 0) result.rules.AddRange(Defaults);
        return result;
    }

    private void Add(OciDeviceCgroup rule)
    {
        DeviceAccess access = ParseAccess(rule.Access);
        int major = ParseNumber(rule.Major);
        int minor = ParseNumber(rule.Minor);
        switch (rule.Type)
        {
            case null or "" or "a":
                if (major == DeviceRule.Any && minor == DeviceRule.Any && access == DeviceAccess.All)
                {
                    rules.Clear();
                    AllowsByDefault = rule.Allow;
                    return;
                }

                rules.Add(new DeviceRule(rule.Allow, DeviceKind.Block, major, minor, access));
                rules.Add(new DeviceRule(rule.Allow, DeviceKind.Character, major, minor, access));
                return;
            case "b":
                rules.Add(new DeviceRule(rule.Allow, DeviceKind.Block, major, minor, access));
                return;
            case "c" or "u":
                rules.Add(new DeviceRule(rule.Allow, DeviceKind.Character, major, minor, access));
                return;
            default:
                throw new CgroupException("devices", null, $"device rule: '{rule.Type}' is not a type (a, b or c)");
        }
    }

    private static int ParseNumber(long? number) => number switch
    {
        null or -1 => DeviceRule.Any,
        >= 0 and <= int.MaxValue => (int)number.Value,
        _ => throw new CgroupException("devices", null, $"device rule: {number} is not a device number"),
    };

    private static DeviceAccess ParseAccess(string? text)
    {
        if (string.IsNullOrEmpty(text)) return DeviceAccess.All;
        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in text)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                'a' => DeviceAccess.All,
                _ => throw new CgroupException("devices", null, $"device rule: '{text}' is not an access (r, w and m)"),
            };
        }

        return access;
    }
}
