using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Ids, capabilities and the system-call filter. The order is the kernel's: the bounding set shrinks while
/// CAP_SETPCAP is still there; the ids change before the sets are cut, with PR_SET_KEEPCAPS; the filter comes last if
/// no_new_privs allows it without CAP_SYS_ADMIN, else before the capabilities go (seccomp(2), capabilities(7)).
/// </summary>
internal static class CredentialCompiler
{
    private const int PR_SET_KEEPCAPS = 8;
    private const int SECCOMP_SET_MODE_FILTER = 1;

    public static void Add(LaunchPlan plan, OciProcess process, SeccompProgram? filter)
    {
        if (!process.NoNewPrivileges && filter is not null) AddFilter(plan, filter);
        CapabilitySet grantable = CapabilitySet.ReadBounding();
        OciCapabilities? wanted = process.Capabilities;
        CapabilitySet bounding = Parse(wanted?.Bounding) & grantable;
        plan.Call(
            SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_KEEPCAPS", null), [PR_SET_KEEPCAPS, 1, 0, 0, 0]);
        plan.Add(
            OperationKind.DropBounding, new LaunchStep("drop-capability", "bounding set", "keep " + bounding),
            [(nint)bounding.Bits, CapabilitySet.LastSupported]);

        SetIds(plan, process.User);

        CapabilitySet permitted = Parse(wanted?.Permitted) & grantable;
        SetCapabilities(
            plan, Parse(wanted?.Effective) & permitted, permitted, Parse(wanted?.Inheritable) & permitted);
        CapabilitySet ambient = Parse(wanted?.Ambient) & Parse(wanted?.Inheritable) & permitted;
        if (ambient.Bits != 0)
        {
            plan.Add(
                OperationKind.RaiseAmbient, new LaunchStep("raise-capability", "ambient set", ambient.ToString()),
                [(nint)ambient.Bits, CapabilitySet.LastSupported]);
        }

        if (process.NoNewPrivileges)
        {
            plan.Call(
                SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_NO_NEW_PRIVS", null),
                [Credentials.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]);
        }
    }

    /// <summary>Loads the filter. After it only what the filter allows is certain to work.</summary>
    public static unsafe void AddFilter(LaunchPlan plan, SeccompProgram filter)
    {
        nint program = plan.Data<nint>([filter.Instructions.Length / 8, plan.Data<byte>(filter.Instructions)]);
        plan.Call(
            SystemCallNumber.seccomp,
            new LaunchStep("seccomp", null, $"{filter.Instructions.Length / 8} instructions"),
            [SECCOMP_SET_MODE_FILTER, filter.Flags, program]);
    }

    private static void SetIds(LaunchPlan plan, OciUser user)
    {
        uint[] groups = [.. user.AdditionalGids ?? []];

        // EPERM: a user namespace whose setgroups is "deny" (user_namespaces(7)); then there are no groups to drop
        // that its creator did not have.
        plan.Call(
            SystemCallNumber.setgroups, new LaunchStep("setgroups", string.Join(',', groups), null),
            [groups.Length, plan.Data<uint>(groups)], tolerated: groups.Length == 0 ? Errno.EPERM : Errno.None);
        plan.Call(
            SystemCallNumber.setresgid, new LaunchStep("setresgid", $"{user.Gid}", null),
            [user.Gid, user.Gid, user.Gid]);
        plan.Call(
            SystemCallNumber.setresuid, new LaunchStep("setresuid", $"{user.Uid}", null),
            [user.Uid, user.Uid, user.Uid]);
    }

    private static void SetCapabilities(
        LaunchPlan plan, CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
    {
        nint header = plan.Data<uint>([CapabilityData.Version, 0]);
        nint data = plan.Data<CapabilityData>([new CapabilityData(effective, permitted, inheritable)]);
        plan.Call(
            SystemCallNumber.capset, new LaunchStep("capset", null, permitted.ToString()), [header, data]);
    }

    private static CapabilitySet Parse(IReadOnlyList<string>? names)
    {
        // A capability this kernel does not know is a warning, not an error (runtime-spec, config.md, Process).
        CapabilitySet set = CapabilitySet.Empty;
        for (int i = 0; names is not null && i < names.Count; i++)
        {
            int number = CapabilitySet.NumberOf(names[i]);
            if (number >= 0) set |= new CapabilitySet(1UL << number);
        }

        return set;
    }
}
