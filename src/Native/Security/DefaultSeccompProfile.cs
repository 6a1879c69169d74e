using System.Runtime.InteropServices;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// The filter of a container that asks for none: what is not named is denied. The tables are
/// <see cref="SystemCallGroups"/> and <see cref="PrivilegedSystemCalls"/>; here are the calls whose arguments decide.
/// </summary>
/// <remarks>
/// The default is ENOSYS, as on an older kernel: programs written for a call that came after this profile fall back
/// instead of failing. EPERM is for calls that are known and refused.
/// </remarks>
public static class DefaultSeccompProfile
{
    private const ulong LowWord = 0xFFFFFFFF;

    // clone(2). CLONE_NEWTIME is a flag of unshare(2) only: clone(2) has the exit signal in those bits.
    private const ulong CLONE_NEWTIME = 0x80;
    private static readonly ulong[] NamespaceFlags =
        [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000];

    // socket(2), the numbers of linux/socket.h.
    private const uint AF_UNIX = 1;
    private const uint AF_INET = 2;
    private const uint AF_INET6 = 10;
    private const uint AF_KEY = 15;
    private const uint AF_NETLINK = 16;
    private const uint AF_PACKET = 17;
    private const uint AF_ALG = 38;
    private const uint AF_VSOCK = 40;
    private const uint AF_XDP = 44;
    private const int FamilyBits = 6;
    private const ulong NETLINK_AUDIT = 9;

    // ioctl_tty(2). The first two write into the terminal's input, which the caller's shell reads (CVE-2017-5226); the
    // last loads line disciplines, which have been a way into the kernel (CVE-2017-2636, CVE-2023-6546).
    private const uint TIOCSTI = 0x5412;
    private const uint TIOCLINUX = 0x541C;
    private const uint TIOCSETD = 0x5423;

    // personality(2): Linux, 32-bit Linux, each with and without the 2.6 version number, and the question.
    // READ_IMPLIES_EXEC, ADDR_NO_RANDOMIZE and the emulations of other systems are out.
    private static readonly ulong[] Personalities = [0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>
    /// The profile for a container that has <paramref name="capabilities"/>; unknown names count for nothing.
    /// </summary>
    public static OciSeccomp Create(IReadOnlySet<string> capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        CapabilitySet held = CapabilitySet.Empty;
        foreach (string name in capabilities)
        {
            if (CapabilitySet.NumberOf(name) is int number and >= 0) held |= new CapabilitySet(1UL << number);
        }

        return Create(held);
    }

    /// <summary>The profile for a container that has the capabilities in <paramref name="held"/>.</summary>
    /// <param name="held">What the container's root may do.</param>
    /// <param name="include32Bit">
    /// Whether 32-bit programs run: for images of such an architecture. Otherwise their first system call ends them:
    /// the kernel's second entry doubles what can be attacked (CVE-2021-22555 was there). With it socket families
    /// cannot be restricted for 32-bit programs, as socketcall(2) has them in memory. The x32 form of x86-64 is never
    /// allowed.
    /// </param>
    /// <param name="nesting">
    /// Whether programs may make namespaces and mount in them, as bwrap(1) and the sandboxes of browsers do. Nothing else
    /// that asks for CAP_SYS_ADMIN comes with it.
    /// </param>
    public static OciSeccomp Create(CapabilitySet held, bool include32Bit = false, bool nesting = false)
    {
        var rules = new List<OciSyscall>();
        foreach (string[] group in SystemCallGroups.All) rules.Add(Allow(group));
        if (include32Bit) rules.Add(Allow(SystemCallGroups.Compatibility32));
        foreach (PrivilegedSystemCalls group in PrivilegedSystemCalls.All)
        {
            rules.Add(group.IsGranted(held, nesting) ? Allow(group.Names) : Refuse(group.Refusal, group.Names));
        }

        AddNamespaces(rules, nesting || held.Contains("CAP_SYS_ADMIN"));
        AddTerminals(rules, held);
        AddSockets(rules, held, include32Bit);
        foreach (ulong value in Personalities) rules.Add(Allow(["personality"], Equal(0, value)));
        return new OciSeccomp
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            DefaultErrnoRet = (uint)Errno.ENOSYS,
            Architectures = Architectures(include32Bit),
            Syscalls = rules,
        };
    }

    private static string[] Architectures(bool include32Bit) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => include32Bit ? ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"] : ["SCMP_ARCH_X86_64"],
        Architecture.Arm64 => include32Bit ? ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"] : ["SCMP_ARCH_AARCH64"],
        Architecture other => throw new PlatformNotSupportedException($"there is no default filter for {other}"),
    };

    // A user namespace inside the container would give its maker every capability over the kernel's network and mount
    // code: CVE-2022-0185, CVE-2020-14386, CVE-2022-0492 all began with that.
    private static void AddNamespaces(List<OciSyscall> rules, bool allowed)
    {
        if (allowed)
        {
            rules.Add(Allow(["clone", "unshare"]));
            return;
        }

        ulong all = 0;
        foreach (ulong flag in NamespaceFlags)
        {
            all |= flag;
            rules.Add(Refuse(Errno.EPERM, ["clone", "unshare"], Masked(0, flag, flag)));
        }

        rules.Add(Allow(["clone"], Masked(0, all, 0)));
        rules.Add(Refuse(Errno.EPERM, ["unshare"], Masked(0, CLONE_NEWTIME, CLONE_NEWTIME)));
        rules.Add(Allow(["unshare"], Masked(0, all | CLONE_NEWTIME, 0)));
    }

    private static void AddTerminals(List<OciSyscall> rules, CapabilitySet held)
    {
        // pppd(8) and its like set line disciplines.
        uint[] refused = held.Contains("CAP_NET_ADMIN") ? [TIOCSTI, TIOCLINUX] : [TIOCSTI, TIOCLINUX, TIOCSETD];
        foreach (uint request in refused) rules.Add(Refuse(Errno.EPERM, ["ioctl"], Masked(1, LowWord, request)));
        foreach ((ulong mask, ulong value) in MaskedRanges.AllBut(32, refused))
        {
            rules.Add(Allow(["ioctl"], Masked(1, mask, value)));
        }
    }

    private static void AddSockets(List<OciSyscall> rules, CapabilitySet held, bool include32Bit)
    {
        List<uint> allowed = [AF_UNIX, AF_INET, AF_INET6];
        if (held.Contains("CAP_NET_RAW")) allowed.Add(AF_PACKET);
        if (held.Contains("CAP_NET_ADMIN")) allowed.AddRange([AF_KEY, AF_XDP]);
        foreach (uint family in allowed) rules.Add(Allow(["socket"], Masked(0, LowWord, family)));
        rules.Add(Allow(["socket"], Masked(0, LowWord, AF_NETLINK), Compare(2, "SCMP_CMP_NE", NETLINK_AUDIT)));
        rules.Add(Allow(["socketpair"], Masked(0, LowWord, AF_UNIX)));

        // libseccomp writes a rule for socket(2) also as one for socketcall(2), less the condition on the family: with
        // 32-bit programs the refusals below would contradict the rules above there. The default refuses too.
        if (include32Bit) return;

        // Programs with audit support take this for a kernel without it, and go on.
        rules.Add(Refuse(
            Errno.EPROTONOSUPPORT, ["socket"], Masked(0, LowWord, AF_NETLINK), Equal(2, NETLINK_AUDIT)));

        // Not confined to a network namespace (vsock), or known for bugs that need no privilege (crypto).
        List<uint> refused = [AF_VSOCK, AF_ALG];
        if (!allowed.Contains(AF_PACKET)) refused.Add(AF_PACKET);
        foreach (uint family in refused) rules.Add(Refuse(Errno.EPERM, ["socket"], Masked(0, LowWord, family)));
        foreach ((ulong mask, ulong value) in MaskedRanges.AllBut(FamilyBits, [.. allowed, .. refused, AF_NETLINK]))
        {
            rules.Add(Refuse(Errno.EAFNOSUPPORT, ["socket"], Masked(0, mask, value)));
        }
    }

    private static OciSyscall Allow(string[] names, params OciSeccompArg[] conditions) =>
        new() { Names = names, Action = "SCMP_ACT_ALLOW", Args = conditions };

    private static OciSyscall Refuse(Errno errno, string[] names, params OciSeccompArg[] conditions) =>
        new() { Names = names, Action = "SCMP_ACT_ERRNO", ErrnoRet = (uint)errno, Args = conditions };

    private static OciSeccompArg Equal(uint index, ulong value) => Compare(index, "SCMP_CMP_EQ", value);

    private static OciSeccompArg Masked(uint index, ulong mask, ulong value) =>
        new() { Index = index, Op = "SCMP_CMP_MASKED_EQ", Value = mask, ValueTwo = value };

    private static OciSeccompArg Compare(uint index, string op, ulong value) =>
        new() { Index = index, Op = op, Value = value };
}
