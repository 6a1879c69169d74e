using Container.Native.Cgroups.Devices;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Legacy;

/// <summary>
/// The devices controller of cgroup v1: a default and a list of exceptions to it. Rules that do not come down to that
/// are refused; the kernel would take them and silently do nothing.
/// </summary>
internal static class LegacyDevices
{
    private const string Name = "devices";
    private const string AllowFile = "devices.allow";
    private const string DenyFile = "devices.deny";

    /// <summary>
    /// Sets the rules. On a cgroup in use nothing is denied even for a moment that the rules allow, as far as v1 tells
    /// what is set: it hides the exceptions of an allow-all list.
    /// </summary>
    public static void Apply(CgroupDirectory directory, DeviceRules rules, bool fresh)
    {
        List<DeviceRule> exceptions = Exceptions(rules);
        string change = rules.AllowsByDefault ? DenyFile : AllowFile;
        string current = fresh ? "" : directory.TryRead("devices.list") ?? "";
        bool allowsAll = fresh || current.StartsWith('a');
        if (rules.AllowsByDefault)
        {
            if (fresh || !allowsAll || exceptions.Count > 0) CgroupControl.Set(directory, Name, AllowFile, "a");
        }
        else if (allowsAll)
        {
            CgroupControl.Set(directory, Name, DenyFile, "a");
        }

        Write(directory, change, exceptions);
        if (!allowsAll && !rules.AllowsByDefault) Write(directory, DenyFile, Superfluous(current, exceptions));
    }

    /// <summary>The rules as exceptions to the default.</summary>
    internal static List<DeviceRule> Exceptions(DeviceRules rules)
    {
        List<DeviceRule> exceptions = [];
        foreach (DeviceRule rule in rules.Rules)
        {
            if (rule.Allow != rules.AllowsByDefault) Merge(exceptions, rule);
            else Withdraw(exceptions, rule);
        }

        return exceptions;
    }

    private static void Merge(List<DeviceRule> exceptions, DeviceRule rule)
    {
        for (int i = 0; i < exceptions.Count; i++)
        {
            if (!exceptions[i].Covers(rule)) continue;
            if ((rule.Access & ~exceptions[i].Access) == 0) return;
            if (!rule.Covers(exceptions[i])) continue;
            exceptions[i] = rule with { Access = rule.Access | exceptions[i].Access };
            return;
        }

        exceptions.Add(rule);
    }

    private static void Withdraw(List<DeviceRule> exceptions, DeviceRule rule)
    {
        for (int i = exceptions.Count - 1; i >= 0; i--)
        {
            DeviceRule known = exceptions[i];
            if (!rule.Meets(known) || (rule.Access & known.Access) == 0) continue;
            if (!rule.Covers(known))
            {
                throw new CgroupException(
                    Name, null,
                    $"device rule '{rule.Devices} {rule.AccessText}' takes back a part of '{known.Devices} " +
                    $"{known.AccessText}': cgroup v1 cannot express that");
            }

            DeviceAccess left = known.Access & ~rule.Access;
            if (left == DeviceAccess.None) exceptions.RemoveAt(i);
            else exceptions[i] = known with { Access = left };
        }
    }

    // What devices.list has and the rules do not, with the access to take away.
    private static List<DeviceRule> Superfluous(string list, List<DeviceRule> exceptions)
    {
        List<DeviceRule> found = [];
        foreach (string line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split([' ', ':']);
            if (words.Length != 4) continue;
            DeviceRule known = new(
                true, words[0] == "b" ? DeviceKind.Block : DeviceKind.Character, Number(words[1]), Number(words[2]),
                Access(words[3]));
            foreach (DeviceRule kept in exceptions)
            {
                if (kept.Kind == known.Kind && kept.Major == known.Major && kept.Minor == known.Minor)
                {
                    known = known with { Access = known.Access & ~kept.Access };
                }
            }

            if (known.Access != DeviceAccess.None) found.Add(known);
        }

        return found;
    }

    private static void Write(CgroupDirectory directory, string file, List<DeviceRule> rules)
    {
        if (rules.Count == 0) return;
        using FileDescriptor open = directory.OpenFile(file, FileCalls.O_WRONLY);
        foreach (DeviceRule rule in rules)
        {
            string line = $"{rule.Devices} {rule.AccessText}";
            Errno error = CgroupDirectory.Put(open.Number, line);
            if (error != Errno.None) throw CgroupControl.Refused(directory, Name, file, line, error);
        }
    }

    private static int Number(string text) =>
        CgroupText.Number(text) is { } number ? (int)number : DeviceRule.Any;

    private static DeviceAccess Access(string text) =>
        (text.Contains('r', StringComparison.Ordinal) ? DeviceAccess.Read : 0) |
        (text.Contains('w', StringComparison.Ordinal) ? DeviceAccess.Write : 0) |
        (text.Contains('m', StringComparison.Ordinal) ? DeviceAccess.MakeNode : 0);
}
