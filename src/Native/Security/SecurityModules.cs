using Container.Native.Json;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// Whether the kernel runs a security module. A label for one that is not there is refused: the container would run
/// with less confinement than it was promised.
/// </summary>
internal static class SecurityModules
{
    /// <summary>The profile that confines nothing, on every kernel.</summary>
    public const string Unconfined = "unconfined";

    /// <summary>/sys/module/apparmor/parameters/enabled begins with Y or N.</summary>
    public static bool HasApparmor
    {
        get
        {
            const string Path = "/sys/module/apparmor/parameters/enabled";

            if (!FileCalls.Exists(Path)) return false;
            using FileDescriptor file = FileCalls.Open(Path, FileCalls.O_RDONLY);
            return FileCalls.ReadAll(file, 16, Path) is [(byte)'Y', ..];
        }
    }

    /// <summary>selinuxfs is mounted where the kernel runs it (selinux(8)).</summary>
    public static bool HasSelinux => FileCalls.Exists("/sys/fs/selinux/enforce");

    /// <summary>Refuses an AppArmor profile where there is no AppArmor.</summary>
    public static void RequireApparmor(string path)
    {
        if (!HasApparmor) throw new DocumentException(path, $"{path}: this kernel does not run AppArmor");
    }

    /// <summary>Refuses an SELinux label where there is no SELinux.</summary>
    public static void RequireSelinux(string path)
    {
        if (!HasSelinux) throw new DocumentException(path, $"{path}: this kernel does not run SELinux");
    }
}
