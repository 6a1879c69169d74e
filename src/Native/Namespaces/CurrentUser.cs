using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>Who this process runs as.</summary>
public static class CurrentUser
{
    /// <summary>The effective user id.</summary>
    public static uint Uid => Users.geteuid();

    /// <summary>The effective group id.</summary>
    public static uint Gid => Users.getegid();

    /// <summary>The home that the account database has for root, whatever HOME says.</summary>
    public static unsafe string RootHome
    {
        get
        {
            const int Size = 64 * 1024;

            byte[] buffer = new byte[Size];
            Users.Account account;
            Users.Account* found = null;
            fixed (byte* start = buffer)
            {
                if (Users.getpwuid_r(0, &account, start, Size, &found) != 0 || found is null) return "/root";
                string? home = Marshal.PtrToStringUTF8((nint)found->Home);
                return string.IsNullOrEmpty(home) ? "/root" : home;
            }
        }
    }

    /// <summary>Whether it is root in the host's own user namespace.</summary>
    public static bool IsRootOfHost => UserNamespace.IsRootOfHost;
}
