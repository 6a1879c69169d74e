using System.Text;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Unified;

/// <summary>cgroup.freeze and cgroup.kill of a v2 cgroup, which hold for all below it.</summary>
internal static class UnifiedFreezer
{
    private const int TimeLimitMilliseconds = 10_000;
    private const int EventsLimit = 4096;

    public static bool IsFrozen(CgroupDirectory directory) =>
        CgroupText.Find(directory.TryRead("cgroup.events"), "frozen") == 1;

    public static void Freeze(CgroupDirectory directory)
    {
        directory.Write("cgroup.freeze", "1");
        Wait(directory, 1);
    }

    public static void Thaw(CgroupDirectory directory)
    {
        directory.Write("cgroup.freeze", "0");
        Wait(directory, 0);
    }

    /// <summary>Kills all at once; false on a kernel before 5.14.</summary>
    public static bool TryKill(CgroupDirectory directory)
    {
        Errno error = directory.TryWrite("cgroup.kill", "1");
        if (error is Errno.None or Errno.ENODEV) return true;
        return error is Errno.ENOENT or Errno.EOPNOTSUPP
            ? false
            : throw new SystemCallException("write '1' to", $"{directory.Path}/cgroup.kill", error);
    }

    // The kernel freezes task by task and notifies readers of cgroup.events (POLLPRI) when all have stopped. The file
    // is read through the descriptor that is polled: what is noticed is a change since its last read.
    private static void Wait(CgroupDirectory directory, long wanted)
    {
        long deadline = Environment.TickCount64 + TimeLimitMilliseconds;
        while (true)
        {
            using FileDescriptor events = directory.OpenFile("cgroup.events", FileCalls.O_RDONLY);
            string text = Encoding.ASCII.GetString(FileCalls.ReadAll(events, EventsLimit, "cgroup.events"));
            if (CgroupText.Find(text, "frozen") == wanted) return;
            long left = deadline - Environment.TickCount64;
            if (left <= 0) break;
            Waiting.Poll(events, Polling.POLLPRI, (int)left);
        }

        throw new CgroupException(
            null, "cgroup.freeze", $"'{directory.Path}' did not {(wanted == 1 ? "freeze" : "thaw")} within " +
            $"{TimeLimitMilliseconds / 1000} s: a task is in uninterruptible sleep, or an ancestor is frozen");
    }
}
