using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>
/// This thread with another user id for the time of a clone, so that a new user namespace is that id's. What the
/// namespace's processes use of things that the kernel counts for each user (inotify instances and watches, POSIX queues,
/// queued signals and timers, locked memory, namespaces) counts for the owner of the namespace, too, all the way up: made by
/// root, every container would use up root's own, and those of all others (user_namespaces(7), namespaces(7)). The owner is
/// the host's id of the container's root, where that is no account's: an account would have all capabilities in it.
/// </summary>
internal sealed class NamespaceAccount : IDisposable
{
    private const int PR_GET_PDEATHSIG = 2;

    // Accounts have ids below (login.defs(5), systemd's ranges).
    private const uint FirstUnassigned = 65536;

    private static readonly string[] Needed =
    [
        "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETFCAP", "CAP_DAC_OVERRIDE",
        "CAP_CHOWN", "CAP_KILL",
    ];

    private readonly KeptCapabilities kept;
    private readonly int signal;

    private NamespaceAccount(uint owner)
    {
        signal = GetParentDeathSignal();
        kept = KeptCapabilities.Begin();
        try
        {
            Become(owner);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <summary>Becomes the owner of the namespace that is to be made; null where the caller is to be it.</summary>
    public static NamespaceAccount? Enter(LaunchNamespaces namespaces, OciLinux linux)
    {
        if ((namespaces.CloneFlags & CloneArguments.CLONE_NEWUSER) == 0) return null;
        uint owner = linux.UidMappings is [{ ContainerId: 0, Size: > 1 } first, ..] ? first.HostId : 0;
        return owner < FirstUnassigned || !UserNamespace.IsRootOfHost || !HasRights() ? null : new NamespaceAccount(owner);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Become(0);
        kept.Dispose();

        // The kernel forgets it when ids change.
        if (signal != 0) _ = Credentials.prctl(Credentials.PR_SET_PDEATHSIG, (nuint)signal, 0, 0, 0);
    }

    // All three: cgroups of version 1 compare the effective id of who moves a process with that one's others. The call
    // is of this thread only; the C library would change the ids of all.
    private static void Become(uint id)
    {
        long result = RawCall.Invoke(SystemCallNumber.setresuid, (nint)id, (nint)id, (nint)id);
        if (result < 0) throw new SystemCallException("setresuid", $"{id}", (Errno)(-result));
    }

    // Root that lacks some of these is let near the namespace as its owner alone.
    private static bool HasRights() => (CapabilitySet.Parse(Needed) - CapabilityData.ReadEffective()).Bits == 0;

    private static unsafe int GetParentDeathSignal()
    {
        int found = 0;
        return Credentials.prctl(PR_GET_PDEATHSIG, (nuint)(&found), 0, 0, 0) == 0 ? found : 0;
    }
}
