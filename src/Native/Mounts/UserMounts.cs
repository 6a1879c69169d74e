using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// Whether root has mounted something for itself. What a user brings (a disk, an image) holds what the user has put on
/// it, files that say they are root's too.
/// </summary>
internal static class UserMounts
{
    private const string OwnTable = "/etc/fstab";
    private const string UserTable = "/run/mount/utab";
    private const int Limit = 16 * 1024 * 1024;

    // In fstab they let users mount (mount(8)).
    private static readonly string[] s_forUsers = ["user", "users", "owner", "group"];

    /// <summary>Whether a mount with nosuid and nodev, as every helper gives to what it mounts for a user, is one.</summary>
    /// <param name="target">Where it is mounted.</param>
    /// <param name="source">What is mounted.</param>
    public static bool Has(string target, string source) => Has(target, source, Read(OwnTable), Read(UserTable));

    /// <summary>The same, by what fstab(5) and the table of mount(8) in /run say.</summary>
    public static bool Has(string target, string source, string own, string used)
    {
        // mount(8) and udisks write down for whom they did it.
        foreach (string line in used.Split('\n'))
        {
            string[] fields = line.Split(' ');
            if (Array.Exists(fields, IsTarget) && Array.Exists(fields, IsOfUser)) return true;
        }

        foreach (string line in own.Split('\n'))
        {
            string[] fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 3 && fields[0][0] != '#' && IsPlace(fields[1], target))
                return Array.Exists(fields[3].Split(','), static option => Array.IndexOf(s_forUsers, option) >= 0);
        }

        // A disk that nobody has written down may be anybody's. Directly below / no helper mounts for users.
        return source.StartsWith("/dev/", StringComparison.Ordinal) && target.LastIndexOf('/') > 0;

        bool IsTarget(string field) => field.StartsWith("TARGET=", StringComparison.Ordinal) && IsPlace(field[7..], target);
    }

    private static bool IsPlace(string field, string target) =>
        HostMounts.Unescape(field).TrimEnd('/') == target.TrimEnd('/');

    // OPTS=user=eve, OPTS=uhelper=udisks2
    private static bool IsOfUser(string field) =>
        field.StartsWith("OPTS=", StringComparison.Ordinal)
        && Array.Exists(field[5..].Split(','), static option => option.StartsWith("user=", StringComparison.Ordinal)
            || option.StartsWith("uhelper=", StringComparison.Ordinal));

    private static string Read(string path)
    {
        using FileDescriptor? file = FileCalls.TryOpen(path, FileCalls.O_RDONLY);
        return file is null ? "" : Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, path));
    }
}
