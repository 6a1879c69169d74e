using System.Globalization;
using System.Text;
using Container.Engine.Configuration;
using Container.Engine.State;

namespace Container.Engine.Containers;

/// <summary>
/// Reads /proc/PID of the host (proc(5)): the files belong to the kernel, only their text is the container's.
/// </summary>
/// <param name="ownPidNamespace">Whether the container counts its processes itself.</param>
/// <param name="idRangeStart">The first host id of its range, where it is root's.</param>
/// <param name="userIds">The ids of the user whose it is.</param>
/// <param name="firstUser">Its root, among these.</param>
internal sealed class ProcessReader(
    bool ownPidNamespace, long? idRangeStart, UserIds? userIds = null, uint firstUser = 0)
{
    // Larger than a page of arguments is of no use in a list, and a process may have megabytes.
    private const int MaximumCommandLine = 32 * 1024;

    // USER_HZ, which is 100 on every architecture of .NET.
    private const long TicksPerSecond = 100;

    // Not once for all: it moves with the clock (proc(5), btime).
    private readonly DateTimeOffset bootTime = ReadBootTime();

    /// <summary>The process, or null where it has ended meanwhile.</summary>
    public ContainerProcessRecord? TryRead(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            int end = stat.LastIndexOf(')');
            string[] fields = stat[(end + 2)..].Split(' ');
            Dictionary<string, string> status = ReadStatus(pid);
            long hostUser = Number(status["Uid"].Split('\t')[1]);
            return new ContainerProcessRecord
            {
                Id = InnerId(status, pid),
                HostId = pid,
                ParentHostId = (int)Number(fields[1]),
                Name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end],
                State = fields[0][0],
                CommandLine = ReadCommandLine(pid),
                HostUserId = hostUser,
                UserId = InnerUser(hostUser),
                ProcessorTime = TimeSpan.FromTicks(
                    (Number(fields[11]) + Number(fields[12])) * (TimeSpan.TicksPerSecond / TicksPerSecond)),
                WorkingSet = Number(fields[21]) * Environment.SystemPageSize,
                StartedAt = bootTime.AddSeconds((double)Number(fields[19]) / TicksPerSecond),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // NSpid names the process in every namespace from ours inwards; the container's own is the next one.
    private int InnerId(Dictionary<string, string> status, int pid)
    {
        string[] ids = status.TryGetValue("NSpid", out string? text) ? text.Split('\t') : [];
        return ownPidNamespace && ids.Length > 1 ? (int)Number(ids[1]) : pid;
    }

    private long? InnerUser(long host)
    {
        if (idRangeStart is not long start)
        {
            if (userIds is null) return host;
            return userIds.ToContainer(host) is { } own && own >= firstUser ? own - firstUser : null;
        }

        long id = host - start;
        return id is >= 0 and < ContainerDefaults.IdRangeLength ? id : null;
    }

    private static Dictionary<string, string> ReadStatus(int pid)
    {
        Dictionary<string, string> status = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines($"/proc/{pid}/status"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) status[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return status;
    }

    private static string[] ReadCommandLine(int pid)
    {
        using FileStream file = new($"/proc/{pid}/cmdline", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        byte[] buffer = new byte[MaximumCommandLine];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\0');
        return text.Length == 0 ? [] : text.Split('\0');
    }

    private static DateTimeOffset ReadBootTime()
    {
        string line = File.ReadLines("/proc/stat").First(text => text.StartsWith("btime ", StringComparison.Ordinal));
        return DateTimeOffset.FromUnixTimeSeconds(Number(line[6..]));
    }

    private static long Number(string text) =>
        long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
