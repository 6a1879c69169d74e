using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>Who this process runs as.</summary>
public static class CurrentUser
{
    /// <summary>The effective user id.</summary>
    public static uint Uid => Users.geteuid();

    /// <summary>The effective group id.</summary>
    public static uint Gid => Users.getegid();

    /// <summary>Whether it is root in the host's own user namespace.</summary>
    public static bool IsRootOfHost => UserNamespace.IsRootOfHost;
}
