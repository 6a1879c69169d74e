using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>The mounts of the mount namespace this process is in.</summary>
public static class HostMounts
{
    private const int Limit = 64 * 1024 * 1024;

    /// <summary>The places below a directory where something is mounted, the topmost of each last.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        const string table = "/proc/self/mountinfo";
        string prefix = directory.TrimEnd('/') + "/";
        using FileDescriptor file = Files.Open(table, Files.O_RDONLY);
        List<string> found = [];
        foreach (string line in Encoding.UTF8.GetString(Files.ReadAll(file, Limit, table)).Split('\n'))
        {
            // 36 35 98:0 /root /target options …: proc_pid_mountinfo(5)
            string[] fields = line.Split(' ');
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

    // Blank, tab, newline and backslash are written as three octal digits.
    private static string Unescape(string text)
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
