using Container.Native.Json;

namespace Container.Native.Oci.Validation;

/// <summary>What the Linux part of config.json must say (config-linux.md).</summary>
internal static class LinuxRules
{
    public static void Check(OciLinux linux, string? domainname)
    {
        CheckNamespaces(linux);
        CheckUserNamespace(linux);
        SysctlRules.Check(linux, domainname);
        if (linux.Resources is not null) ResourceRules.Check(linux.Resources, "linux.resources.");
        CheckCgroupsPath(linux.CgroupsPath);
        CheckDevices(linux.Devices);
        CheckNetDevices(linux);
        if (linux.Seccomp is not null) SeccompRules.Check(linux.Seccomp, "linux.seccomp");
        if (linux.RootfsPropagation is not null)
            Problem.RequireKnown(linux.RootfsPropagation, "linux.rootfsPropagation", OciNames.Propagations);
        CheckPaths(linux.MaskedPaths, "linux.maskedPaths");
        CheckPaths(linux.ReadonlyPaths, "linux.readonlyPaths");
        if (linux.IntelRdt is not null) CheckIntelRdt(linux.IntelRdt);
        if (linux.MemoryPolicy is not null)
        {
            Problem.RequireKnown(linux.MemoryPolicy.Mode, "linux.memoryPolicy.mode", OciNames.MemoryPolicyModes);
            Problem.RequireKnown(linux.MemoryPolicy.Flags, "linux.memoryPolicy.flags", OciNames.MemoryPolicyFlags);
            NumberList.Check(linux.MemoryPolicy.Nodes, "linux.memoryPolicy.nodes");
        }

        if (linux.Personality is not null)
        {
            Problem.RequireKnown(linux.Personality.Domain, "linux.personality.domain", OciNames.PersonalityDomains);
            Problem.RequireKnown(linux.Personality.Flags, "linux.personality.flags", []);
        }

        CheckTimeOffsets(linux);
    }

    private static void CheckNamespaces(OciLinux linux)
    {
        for (int i = 0; i < (linux.Namespaces?.Count ?? 0); i++)
        {
            OciNamespace item = linux.Namespaces![i];
            string path = Problem.Item("linux.namespaces", i);
            Problem.RequireKnown(item.Type, path + ".type", OciNames.Namespaces);
            if (item.Path is not null) Problem.RequireAbsolute(item.Path, path + ".path");
            for (int earlier = 0; earlier < i; earlier++)
            {
                if (linux.Namespaces[earlier].Type == item.Type)
                    throw Problem.At(path + ".type", $"'{item.Type}' is listed twice");
            }
        }
    }

    private static void CheckUserNamespace(OciLinux linux)
    {
        IdMapRules.Check(linux.UidMappings, "linux.uidMappings");
        IdMapRules.Check(linux.GidMappings, "linux.gidMappings");
        OciNamespace? user = null;
        for (int i = 0; i < (linux.Namespaces?.Count ?? 0); i++)
        {
            if (linux.Namespaces![i].Type == "user") user = linux.Namespaces[i];
        }

        if (user is null)
        {
            if (linux.UidMappings is not null) throw Problem.At("linux.uidMappings", "needs a user namespace");
            if (linux.GidMappings is not null) throw Problem.At("linux.gidMappings", "needs a user namespace");
        }
        else if (user.Path is null)
        {
            if (linux.UidMappings is null) throw Problem.At("linux.uidMappings", "missing for a new user namespace");
            if (linux.GidMappings is null) throw Problem.At("linux.gidMappings", "missing for a new user namespace");
        }
    }

    private static void CheckCgroupsPath(string? cgroup)
    {
        if (cgroup is null) return;
        foreach (Range part in cgroup.AsSpan().Split('/'))
        {
            if (cgroup.AsSpan(part) is "..") throw Problem.At("linux.cgroupsPath", $"'{cgroup}' contains '..'");
        }
    }

    private static void CheckDevices(IReadOnlyList<OciDevice>? devices)
    {
        for (int i = 0; i < (devices?.Count ?? 0); i++)
        {
            OciDevice device = devices![i];
            string path = Problem.Item("linux.devices", i);
            Problem.RequireAbsolute(device.Path, path + ".path");
            Problem.RequireKnown(device.Type, path + ".type", OciNames.DeviceTypes);
            Problem.RequireRange(device.Major, 0, uint.MaxValue, path + ".major");
            Problem.RequireRange(device.Minor, 0, uint.MaxValue, path + ".minor");
        }
    }

    private static void CheckNetDevices(OciLinux linux)
    {
        if (linux.NetDevices is null) return;
        foreach ((string name, OciNetDevice device) in linux.NetDevices)
        {
            string path = "linux.netDevices" + JsonLocation.Member(name);
            if (!SpecRules.HasNamespace(linux, "network")) throw Problem.At(path, "needs a network namespace");
            if (!IsInterfaceName(name)) throw Problem.At(path, "not the name of a network interface");
            if (device.Name is not null && !IsInterfaceName(device.Name))
                throw Problem.At(path + ".name", $"'{device.Name}' is not the name of a network interface");
        }
    }

    private static void CheckPaths(IReadOnlyList<string>? paths, string list)
    {
        for (int i = 0; i < (paths?.Count ?? 0); i++)
        {
            if (paths![i].Length == 0) throw Problem.Empty(Problem.Item(list, i));
            Problem.RequireAbsolute(paths[i], Problem.Item(list, i));
        }
    }

    // The class is a directory of resctrl, the rest are lines of its schemata file.
    private static void CheckIntelRdt(OciIntelRdt rdt)
    {
        if (rdt.ClosId is "." or ".." || rdt.ClosId.AsSpan().IndexOfAny('/', '\n') >= 0)
            throw Problem.At("linux.intelRdt.closID", $"'{rdt.ClosId}' is not a directory name");
        if (rdt.L3CacheSchema.AsSpan().Contains('\n'))
            throw Problem.At("linux.intelRdt.l3CacheSchema", "is more than one line");
        if (rdt.MemBwSchema.AsSpan().Contains('\n'))
            throw Problem.At("linux.intelRdt.memBwSchema", "is more than one line");
    }

    private static void CheckTimeOffsets(OciLinux linux)
    {
        if (linux.TimeOffsets is null) return;
        foreach ((string clock, OciTimeOffset offset) in linux.TimeOffsets)
        {
            string path = "linux.timeOffsets" + JsonLocation.Member(clock);
            if (clock is not ("monotonic" or "boottime")) throw Problem.At(path, "not monotonic or boottime");
            if (!SpecRules.HasNamespace(linux, "time")) throw Problem.At(path, "needs a time namespace");
            Problem.RequireRange(offset.Nanosecs, 0, 999_999_999, path + ".nanosecs");
        }
    }

    // As dev_valid_name() of the kernel: ':' ends an alias.
    private static bool IsInterfaceName(string name)
    {
        foreach (char c in name)
        {
            if (c is '/' or ':' or ' ' or (>= '\t' and <= '\r')) return false;
        }

        return name.Length is > 0 and < 16 && name is not ("." or "..");
    }
}
