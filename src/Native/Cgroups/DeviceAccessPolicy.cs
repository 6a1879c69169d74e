using System.Globalization;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

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
        catch (Exception error) when (NotPermitted(error) && (mayLeaveOut || InUserNamespace()))
        {
            // Left out, for the reason above.
        }
    }

    private static bool NotPermitted(Exception error) =>
        (error as SystemCallException ?? error.InnerException as SystemCallException)?.Errno
            is Errno.EPERM or Errno.EACCES;

    // The initial user namespace maps all 2^32 - 1 ids to themselves.
    private static bool InUserNamespace()
    {
        const string path = "/proc/self/uid_map";
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        string map = Encoding.ASCII.GetString(Files.ReadAll(file, 64 * 1024, path));
        string[] words = map.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length != 3 || words[2] != uint.MaxValue.ToString(CultureInfo.InvariantCulture);
    }
}
