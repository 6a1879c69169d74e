using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The system-call filters of contained.c and Crabcan: everything is allowed but what is listed. Two gaps of theirs are
/// closed: clone3(2) and fchmodat2(2), which came after them. And ioctl's number is compared as the 32 bits the kernel
/// looks at; masked with itself, as Crabcan does it, TIOCSTI also denies TIOCGWINSZ and FIONREAD.
/// </summary>
internal static class PresetSeccomp
{
    public const string Contained = "preset:contained";
    public const string Crabcan = "preset:crabcan";

    private const string MaskedEqual = "SCMP_CMP_MASKED_EQ";
    private const ulong SetUser = 0x800;
    private const ulong SetGroup = 0x400;
    private const ulong NewUserNamespace = 0x10000000;
    private const ulong Terminal = 0x5412;
    private const uint NoPermission = 1;
    private const uint NotImplemented = 38;

    private static readonly string[] Always =
    [
        "keyctl", "add_key", "request_key", "mbind", "migrate_pages", "move_pages", "set_mempolicy", "userfaultfd",
        "perf_event_open",
    ];

    public static OciSeccomp? TryCreate(string? profile) => profile switch
    {
        Contained => Create([.. Always, "ptrace"]),
        Crabcan => Create(Always),
        _ => null,
    };

    private static OciSeccomp Create(string[] always) => new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        Syscalls =
        [
            .. Modes("chmod", 1), .. Modes("fchmod", 1), .. Modes("fchmodat", 2), .. Modes("fchmodat2", 2),
            Deny(["unshare", "clone"], 0, NewUserNamespace, NewUserNamespace),
            Deny(["ioctl"], 1, uint.MaxValue, Terminal),
            new OciSyscall { Names = always, Action = "SCMP_ACT_ERRNO", ErrnoRet = NoPermission },

            // Its flags are in memory, where a filter does not see them: libraries fall back to clone.
            new OciSyscall { Names = ["clone3"], Action = "SCMP_ACT_ERRNO", ErrnoRet = NotImplemented },
        ],
    };

    private static OciSyscall[] Modes(string name, uint index) =>
        [Deny([name], index, SetUser, SetUser), Deny([name], index, SetGroup, SetGroup)];

    private static OciSyscall Deny(string[] names, uint index, ulong mask, ulong value) => new()
    {
        Names = names,
        Action = "SCMP_ACT_ERRNO",
        ErrnoRet = NoPermission,
        Args = [new OciSeccompArg { Index = index, Value = mask, ValueTwo = value, Op = MaskedEqual }],
    };
}
