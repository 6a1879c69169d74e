using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>
/// The words of <see cref="OciSeccomp"/> and the numbers seccomp(2) and libseccomp use for them. A word that is not
/// here is refused: a filter that does less than its author wrote is worse than none.
/// </summary>
public static class SeccompNames
{
    internal const uint KillProcess = 0x80000000;
    internal const uint Errno = 0x00050000;
    internal const uint Notify = 0x7FC00000;
    internal const uint Trace = 0x7FF00000;
    internal const uint Log = 0x7FFC0000;
    internal const uint Allow = 0x7FFF0000;

    // Linux caps the number a filter can return: MAX_ERRNO.
    internal const uint MaxErrno = 4095;

    internal const uint FlagThreadSync = 1;
    internal const uint FlagNewListener = 8;
    internal const uint FlagWaitKillableRecv = 32;

    private static readonly (string Name, uint Value)[] ActionTable =
    [
        ("SCMP_ACT_KILL", 0),
        ("SCMP_ACT_KILL_THREAD", 0),
        ("SCMP_ACT_KILL_PROCESS", KillProcess),
        ("SCMP_ACT_TRAP", 0x00030000),
        ("SCMP_ACT_ERRNO", Errno),
        ("SCMP_ACT_NOTIFY", Notify),
        ("SCMP_ACT_TRACE", Trace),
        ("SCMP_ACT_LOG", Log),
        ("SCMP_ACT_ALLOW", Allow),
    ];

    private static readonly (string Name, uint Value)[] OperatorTable =
    [
        ("SCMP_CMP_NE", 1),
        ("SCMP_CMP_LT", 2),
        ("SCMP_CMP_LE", 3),
        ("SCMP_CMP_EQ", 4),
        ("SCMP_CMP_GE", 5),
        ("SCMP_CMP_GT", 6),
        ("SCMP_CMP_MASKED_EQ", 7),
    ];

    private static readonly (string Name, uint Value)[] FlagTable =
    [
        ("SECCOMP_FILTER_FLAG_TSYNC", FlagThreadSync),
        ("SECCOMP_FILTER_FLAG_LOG", 2),
        ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4),
        ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", FlagWaitKillableRecv),
    ];

    /// <summary>The actions.</summary>
    public static IReadOnlyList<string> Actions { get; } = NamesOf(ActionTable);

    /// <summary>The comparisons.</summary>
    public static IReadOnlyList<string> Operators { get; } = NamesOf(OperatorTable);

    /// <summary>The flags.</summary>
    public static IReadOnlyList<string> Flags { get; } = NamesOf(FlagTable);

    /// <summary>The architectures the specification names; libseccomp may know fewer.</summary>
    public static IReadOnlyList<string> Architectures { get; } =
    [
        "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64", "SCMP_ARCH_MIPS",
        "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
        "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X",
        "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",
        "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ];

    internal static uint Action(string name, uint? errno, string path, string errnoPath)
    {
        uint action = Find(ActionTable, name, path, "an action");
        if (action is Errno or Trace)
        {
            uint value = errno ?? (uint)Syscalls.Errno.EPERM;
            if (value > MaxErrno) throw Refuse(errnoPath, $"{value} is larger than {MaxErrno}");
            return action | value;
        }

        // runtime-spec, config-linux.md: "When the action does not support an errno, the runtime MUST ... fail".
        return errno is null ? action : throw Refuse(errnoPath, $"{name} cannot return an errno");
    }

    internal static int Operator(string name, string path) => (int)Find(OperatorTable, name, path, "a comparison");

    internal static uint Flag(string name, string path) => Find(FlagTable, name, path, "a flag of seccomp(2)");

    internal static bool IsArchitecture(string? name)
    {
        foreach (string known in Architectures)
        {
            if (known == name) return true;
        }

        return false;
    }

    internal static OciException Refuse(string path, string problem) => new(path, $"{path}: {problem}");

    private static uint Find((string Name, uint Value)[] table, string? name, string path, string what)
    {
        foreach ((string known, uint value) in table)
        {
            if (known == name) return value;
        }

        throw Refuse(path, string.IsNullOrEmpty(name) ? "missing" : $"'{name}' is not {what}");
    }

    private static string[] NamesOf((string Name, uint Value)[] table) => Array.ConvertAll(table, entry => entry.Name);
}
