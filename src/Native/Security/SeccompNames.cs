using Container.Native.Json;
using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>
/// The words of <see cref="OciSeccomp"/> and the numbers seccomp(2) and libseccomp use for them. A word that is not
/// here is refused: a filter that does less than its author wrote is worse than none.
/// </summary>
internal static class SeccompNames
{
    public const uint KillProcess = 0x80000000;
    public const uint Errno = 0x00050000;
    public const uint Notify = 0x7FC00000;
    public const uint Trace = 0x7FF00000;
    public const uint Log = 0x7FFC0000;
    public const uint Allow = 0x7FFF0000;

    // Linux caps the number a filter can return: MAX_ERRNO.
    public const uint MaxErrno = 4095;

    public const uint FlagThreadSync = 1;
    public const uint FlagNewListener = 8;
    public const uint FlagWaitKillableRecv = 32;

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

    public static uint Action(string name, uint? errno, string path, string errnoPath)
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

    public static int Operator(string name, string path) => (int)Find(OperatorTable, name, path, "a comparison");

    public static uint Flag(string name, string path) => Find(FlagTable, name, path, "a flag of seccomp(2)");

    public static DocumentException Refuse(string path, string problem) => new(path, $"{path}: {problem}");

    private static uint Find((string Name, uint Value)[] table, string? name, string path, string what)
    {
        foreach ((string known, uint value) in table)
        {
            if (known == name) return value;
        }

        throw Refuse(path, string.IsNullOrEmpty(name) ? "missing" : $"'{name}' is not {what}");
    }
}
