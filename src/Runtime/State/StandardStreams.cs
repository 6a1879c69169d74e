using System.Globalization;
using Container.Native.Syscalls;

namespace Container.Runtime.State;

/// <summary>
/// What a container gets as standard streams, which are ours. It is kept from the beginning, as checkpoint needs it: a
/// shell that redirects has something else there at times.
/// </summary>
internal static class StandardStreams
{
    /// <summary>
    /// The three streams as criu names what is to be inherited: <c>pipe:[INODE]</c>, <c>file[MOUNT:INODE]</c> in
    /// hexadecimal; empty for one that is closed.
    /// </summary>
    public static string[] Describe()
    {
        string[] streams = ["", "", ""];
        for (int i = 0; i < streams.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{i}");
            if (FileCalls.ReadLink(path) is not { } link) continue;
            streams[i] = link.StartsWith('/') ? DescribeFile(path) : link;
        }

        return streams;
    }

    private static unsafe string DescribeFile(string path)
    {
        FileStatus status;
        const uint Wanted = FileStatus.STATX_BASIC_STATS | FileStatus.STATX_MNT_ID;
        return FileCalls.statx(FileCalls.AT_FDCWD, path, 0, Wanted, &status) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"file[{status.MountId:x}:{status.Inode:x}]")
            : "";
    }
}
