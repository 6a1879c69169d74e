using System.Globalization;
using System.Text;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>The mounts of the mount namespace this process is in.</summary>
public static class HostMounts
{
    private const string Table = "/proc/self/mountinfo";
    private const int Limit = 64 * 1024 * 1024;

    /// <summary>Whether an ordinary user has brought the file system that a file is on, or runs its program.</summary>
    internal static bool IsOfUser(FileDescriptor file, ulong mountId)
    {
        long type = FileSystems.Type(file, Table);
        bool isFuse = type == FileSystems.FUSE_SUPER_MAGIC;

        // Nobody can have prepared what is in memory. Of what a user namespace has from outside its tables say nothing.
        bool mayBeBrought = type != FileSystems.TMPFS_MAGIC && UserNamespace.IsInitial
            && FileSystems.IsRestricted(file, Table);
        if (!isFuse && !mayBeBrought) return false;
        string id = mountId.ToString(CultureInfo.InvariantCulture);
        foreach (string[] fields in Read())
        {
            if (fields[0] != id) continue;
            if (isFuse && Array.IndexOf(fields[^1].Split(','), "user_id=0") < 0) return true;

            // … - type source options, and no option has a blank.
            return mayBeBrought && UserMounts.Has(Unescape(fields[4]), Unescape(fields[^2]));
        }

        return true;
    }

    /// <summary>The places below a directory where something is mounted, the topmost of each last.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        string prefix = directory.TrimEnd('/') + "/";
        List<string> found = [];
        foreach (string[] fields in Read())
        {
            string target = fields.Length > 4 ? Unescape(fields[4]) : "";
            if (target.StartsWith(prefix, StringComparison.Ordinal)) found.Add(target);
        }

        return found;
    }

    /// <summary>Takes a mount out of the namespace at once; whoever uses it keeps it until then.</summary>
    public static void Detach(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SystemCallException.Check(
            Unmounting.umount2(path, Mount.MNT_DETACH | Mount.UMOUNT_NOFOLLOW), "umount", path);
    }

    // 36 35 98:0 /root /target options … - type source options: proc_pid_mountinfo(5)
    private static List<string[]> Read()
    {
        using FileDescriptor file = FileCalls.Open(Table, FileCalls.O_RDONLY);
        List<string[]> lines = [];
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, Table)).Split('\n'))
        {
            lines.Add(line.Split(' '));
        }

        return lines;
    }

    // Blank, tab, newline and backslash are written as three octal digits.
    internal static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 3 >= text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
            i += 3;
        }

        return plain.ToString();
    }
}
