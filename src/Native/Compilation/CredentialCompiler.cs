using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Ids, capabilities and the system-call filter. The order is the kernel's: the bounding set shrinks while
/// CAP_SETPCAP is still there; the ids change before the sets are cut, with PR_SET_KEEPCAPS; the filter comes last if
/// no_new_privs allows it without CAP_SYS_ADMIN, else before the capabilities go (seccomp(2), capabilities(7)).
/// </summary>
internal static class CredentialCompiler
{
    private const int PR_SET_KEEPCAPS = 8;
    private const int SECCOMP_SET_MODE_FILTER = 1;

    /// <summary>From the bounding set to no_new_privs.</summary>
    /// <param name="plan">The plan to add to.</param>
    /// <param name="process">What to run.</param>
    /// <param name="filter">The compiled system-call filter, or null.</param>
    /// <param name="inUserNamespace">Whether the process is in a user namespace other than ours: there the bounding set
    /// is full, whatever ours lacks (user_namespaces(7)).</param>
    /// <param name="keepGroups">Whether it keeps our supplementary groups.</param>
    public static void Add(
        LaunchPlan plan, OciProcess process, SeccompProgram? filter, bool inUserNamespace, bool keepGroups)
    {
        if (!process.NoNewPrivileges && filter is not null) AddFilter(plan, filter);
        ProcessCapabilities sets = ProcessCapabilities.Create(
            process.Capabilities, inUserNamespace ? CapabilitySet.Supported : CapabilitySet.ReadBounding());
        plan.Warnings = sets.Warnings;
        CapabilitySet bounding = sets.Bounding;
        plan.Call(
            SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_KEEPCAPS", null), [PR_SET_KEEPCAPS, 1, 0, 0, 0]);
        plan.Add(
            OperationKind.DropBounding, new LaunchStep("drop-capability", "bounding set", "keep " + bounding),
            [(nint)bounding.Bits, CapabilitySet.LastSupported]);

        SetIds(plan, process.User, keepGroups);

        SetCapabilities(plan, sets);
        if (sets.Ambient.Bits != 0)
        {
            plan.Add(
                OperationKind.RaiseAmbient, new LaunchStep("raise-capability", "ambient set", $"{sets.Ambient}"),
                [(nint)sets.Ambient.Bits, CapabilitySet.LastSupported]);
        }
        else if (!inUserNamespace)
        {
            // Our caller's go on over execve(2) and clone(2), where the container has them permitted and inheritable.
            plan.Call(
                SystemCallNumber.prctl, new LaunchStep("prctl", "PR_CAP_AMBIENT", "clear"),
                [Credentials.PR_CAP_AMBIENT, Credentials.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0]);
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
        LaunchSlot? listener = filter.Notifies ? plan.AddSlot() : null;
        plan.Call(
            SystemCallNumber.seccomp,
            new LaunchStep("seccomp", null, $"{filter.Instructions.Length / 8} instructions"),
            [SECCOMP_SET_MODE_FILTER, filter.Flags, program], listener);
        if (listener is not { } descriptor) return;

        // It is close-on-exec (seccomp(2)): the program never has it.
        plan.Add(OperationKind.HandOverListener, new LaunchStep("send", "the seccomp listener", null), [descriptor]);
    }

    private static void SetIds(LaunchPlan plan, OciUser user, bool keepGroups)
    {
        uint[] groups = [.. user.AdditionalGids ?? []];
        if (!keepGroups)
        {
            // EPERM: a user namespace whose setgroups is "deny" (user_namespaces(7)); then there are no groups to drop
            // that its creator did not have.
            plan.Call(
                SystemCallNumber.setgroups, new LaunchStep("setgroups", string.Join(',', groups), null),
                [groups.Length, plan.Data<uint>(groups)], tolerated: groups.Length == 0 ? Errno.EPERM : Errno.None);
        }

        plan.Call(
            SystemCallNumber.setresgid, new LaunchStep("setresgid", $"{user.Gid}", null),
            [user.Gid, user.Gid, user.Gid]);
        plan.Call(
            SystemCallNumber.setresuid, new LaunchStep("setresuid", $"{user.Uid}", null),
            [user.Uid, user.Uid, user.Uid]);
    }

    private static void SetCapabilities(LaunchPlan plan, ProcessCapabilities sets)
    {
        nint header = plan.Data<uint>([CapabilityData.Version, 0]);
        nint data = plan.Data<CapabilityData>([sets.ToNative()]);
        plan.Call(
            SystemCallNumber.capset, new LaunchStep("capset", null, $"{sets.Permitted}"), [header, data]);
    }
}
