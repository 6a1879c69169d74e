using System.Globalization;
using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>The processes of a cgroup and of all below it.</summary>
internal static class CgroupProcesses
{
    private const int KillAttempts = 200;
    private const int LongPath = 2048;

    public static List<int> List(CgroupDirectory directory)
    {
        List<int> found = [];
        ListInto(directory, found);
        return found;
    }

    /// <summary>
    /// The paths of all cgroups below <paramref name="top"/>, parents first. A path that grows towards PATH_MAX is not
    /// followed but given, open, to <paramref name="deep"/>: a container may nest its cgroups as deep as it likes.
    /// </summary>
    public static List<string> Below(CgroupDirectory top, Action<CgroupDirectory> deep)
    {
        List<string> paths = top.Subdirectories();
        for (int i = 0; i < paths.Count; i++)
        {
            using CgroupDirectory? child = top.TryOpen(paths[i]);
            if (child is null) continue;
            if (paths[i].Length > LongPath)
            {
                deep(child);
                continue;
            }

            foreach (string name in child.Subdirectories()) paths.Add($"{paths[i]}/{name}");
        }

        return paths;
    }

    /// <summary>
    /// Kills all without cgroup.kill: freezing first, for a process that forks faster than it is listed would never
    /// end. A frozen v1 task dies only when thawed.
    /// </summary>
    public static void KillAll(CgroupDirectory directory, Action freeze, Action thaw)
    {
        for (int attempt = 0; attempt < KillAttempts; attempt++)
        {
            if (List(directory) is { Count: 0 }) break;
            TryFreeze(freeze);
            foreach (int pid in List(directory))
            {
                if (Signals.kill(pid, Signals.SIGKILL) != 0 && Marshal.GetLastPInvokeError() == (int)Errno.EPERM)
                {
                    thaw();
                    throw new SystemCallException("kill", pid.ToString(CultureInfo.InvariantCulture), Errno.EPERM);
                }
            }

            thaw();
            Waiting.Sleep(Math.Min(100 << Math.Min(attempt, 7), 10_000));
        }
    }

    // A task in uninterruptible sleep keeps a cgroup from freezing; killing what is there is still right.
    private static void TryFreeze(Action freeze)
    {
        try
        {
            freeze();
        }
        catch (CgroupException)
        {
        }
    }

    private static void ListInto(CgroupDirectory directory, List<int> found)
    {
        Collect(directory, found);
        foreach (string path in Below(directory, deep => ListInto(deep, found)))
        {
            if (path.Length > LongPath) continue;
            using CgroupDirectory? child = directory.TryOpen(path);
            if (child is not null) Collect(child, found);
        }
    }

    // A threaded v2 cgroup lists no processes (EOPNOTSUPP): those are listed in its domain above it. A pid of 0 is a
    // process outside the caller's pid namespace.
    private static void Collect(CgroupDirectory directory, List<int> found)
    {
        foreach (ReadOnlySpan<char> line in directory.TryRead("cgroup.procs").AsSpan().EnumerateLines())
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0)
            {
                found.Add(pid);
            }
        }
    }
}
