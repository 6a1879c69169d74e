using System.Globalization;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>The processes of a pid namespace (pid_namespaces(7)): what a container without a control group has.</summary>
public static class PidNamespace
{
    /// <summary>
    /// The processes that share the pid namespace of <paramref name="first"/>; that one alone where the namespace is
    /// ours.
    /// </summary>
    public static IReadOnlyList<int> GetProcesses(int first)
    {
        if (Find(first, "pid") is not { } wanted) return [];
        return wanted == Find(Environment.ProcessId, "pid") ? [first] : GetProcesses(wanted, "pid");
    }

    /// <summary>The mount namespace of a process: a container has one of its own, whatever else it shares.</summary>
    internal static ulong? FindMounts(int pid) => Find(pid, "mnt");

    /// <summary>The processes in that mount namespace.</summary>
    internal static IReadOnlyList<int> GetProcessesByMounts(ulong mounts) => GetProcesses(mounts, "mnt");

    private static List<int> GetProcesses(ulong wanted, string kind)
    {
        List<int> processes = [];
        using RootDirectory proc = RootDirectory.Open("/proc");
        IReadOnlyList<RootEntry> entries = proc.Enumerate("/");
        for (int i = 0; i < entries.Count; i++)
        {
            if (int.TryParse(entries[i].Name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && Find(pid, kind) == wanted)
                processes.Add(pid);
        }

        return processes;
    }

    // Null where it has ended, or may not be looked at: then it is nobody's whom we could signal.
    private static unsafe ulong? Find(int pid, string kind)
    {
        FileStatus status;
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{kind}");
        return FileCalls.statx(FileCalls.AT_FDCWD, path, 0, FileStatus.STATX_BASIC_STATS, &status) == 0 ? status.Inode : null;
    }
}
