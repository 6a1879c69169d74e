using System.Globalization;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>One entry of <see cref="OciSeccomp.Syscalls"/>, checked and in libseccomp's terms.</summary>
internal sealed unsafe class SeccompRule
{
    private const int MaxArguments = 6;

    private readonly Libseccomp.Comparison[] conditions;
    private readonly bool alternatives;
    private readonly string path;

    private SeccompRule(string path, IReadOnlyList<string> names, uint action, Libseccomp.Comparison[] conditions)
    {
        this.path = path;
        this.conditions = conditions;
        Names = names;
        Action = action;

        uint seen = 0;
        foreach (Libseccomp.Comparison condition in conditions)
        {
            // A rule of libseccomp holds one condition per argument. runc takes several for the same argument as
            // alternatives, and published profiles rely on it.
            alternatives |= (seen & (1u << (int)condition.Argument)) != 0;
            seen |= 1u << (int)condition.Argument;
        }
    }

    public IReadOnlyList<string> Names { get; }

    public uint Action { get; }

    public static SeccompRule Read(OciSyscall? rule, string path)
    {
        if (rule is null) throw SeccompNames.Refuse(path, "null");
        if (rule.Names is not { Count: > 0 }) throw SeccompNames.Refuse($"{path}.names", "missing or empty");
        foreach (string? name in rule.Names)
        {
            if (string.IsNullOrEmpty(name)) throw SeccompNames.Refuse($"{path}.names", "a name is empty");
        }

        uint action = SeccompNames.Action(rule.Action, rule.ErrnoRet, $"{path}.action", $"{path}.errnoRet");
        IReadOnlyList<OciSeccompArg> arguments = rule.Args ?? [];
        var conditions = new Libseccomp.Comparison[arguments.Count];
        for (int index = 0; index < conditions.Length; index++)
        {
            string argumentPath = string.Create(CultureInfo.InvariantCulture, $"{path}.args[{index}]");
            OciSeccompArg argument = arguments[index] ?? throw SeccompNames.Refuse(argumentPath, "null");
            if (argument.Index >= MaxArguments)
            {
                throw SeccompNames.Refuse($"{argumentPath}.index", "system calls have the arguments 0 to 5");
            }

            conditions[index] = new Libseccomp.Comparison
            {
                Argument = argument.Index,
                Operator = SeccompNames.Operator(argument.Op, $"{argumentPath}.op"),
                First = argument.Value,
                Second = argument.ValueTwo,
            };
        }

        return new SeccompRule(path, rule.Names, action, conditions);
    }

    /// <summary>Adds the rule for each of its names to <paramref name="filter"/>, or to <paramref name="later"/> where
    /// libseccomp does not know the call and we know its number.</summary>
    public void AddTo(nint filter, uint defaultAction, Dictionary<int, uint> later, List<string> notes)
    {
        // libseccomp takes no rule that says what the default says.
        if (Action == defaultAction) return;
        foreach (string name in Names)
        {
            int number = Libseccomp.seccomp_syscall_resolve_name(name);
            if (number == Libseccomp.UnknownSystemCall)
            {
                if (conditions.Length == 0 && Action != SeccompNames.Notify && LaterSystemCalls.Find(name) is { } known)
                {
                    later.TryAdd(known, Action);
                    continue;
                }

                notes.Add($"{path}: libseccomp does not know the system call {name}");
                continue;
            }

            int step = alternatives ? 1 : Math.Max(conditions.Length, 1);
            for (int start = 0; start == 0 || start < conditions.Length; start += step)
            {
                Add(filter, name, number, conditions.AsSpan(start, Math.Min(step, conditions.Length)));
            }
        }
    }

    /// <summary>Raises <paramref name="last"/>, the highest number per architecture, to this rule's names.</summary>
    public void NoteLast(List<uint> architectures, Dictionary<uint, int> last)
    {
        foreach (uint architecture in architectures)
        {
            int highest = last.GetValueOrDefault(architecture, -1);
            foreach (string name in Names)
            {
                // Negative numbers are libseccomp's own, for calls other architectures have.
                highest = Math.Max(highest, Libseccomp.seccomp_syscall_resolve_name_arch(architecture, name));
            }

            if (highest >= 0) last[architecture] = highest;
        }
    }

    private void Add(nint filter, string name, int number, ReadOnlySpan<Libseccomp.Comparison> comparisons)
    {
        int result;
        fixed (Libseccomp.Comparison* first = comparisons)
        {
            result = Libseccomp.seccomp_rule_add_array(filter, Action, number, (uint)comparisons.Length, first);
        }

        if (result >= 0) return;
        throw SeccompNames.Refuse(path, result == -(int)Errno.EEXIST
            ? $"the rule for {name} contradicts an earlier one with the same conditions"
            : $"libseccomp does not take the rule for {name} ({(Errno)(-result)})");
    }
}
