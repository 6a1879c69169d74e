using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Devices;

/// <summary>
/// When device rules may be left out. Only the initial user namespace may set them (CAP_SYS_ADMIN or CAP_BPF there),
/// and only it can make device nodes: in any other, and for an unprivileged caller, what the container can open is
/// bounded by the nodes the host has and their permissions.
/// </summary>
internal static class DeviceAccessPolicy
{
    /// <summary>Sets rules with <paramref name="apply"/>; a refusal stands unless rules may be left out.</summary>
    public static void Apply(Action apply, bool mayLeaveOut)
    {
        try
        {
            apply();
        }
        catch (Exception error) when (NotPermitted(error) && (mayLeaveOut || !UserNamespace.IsInitial))
        {
            // Left out, for the reason above.
        }
    }

    private static bool NotPermitted(Exception error) =>
        (error as SystemCallException ?? error.InnerException as SystemCallException)?.Errno
            is Errno.EPERM or Errno.EACCES;
}
