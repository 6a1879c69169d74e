using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>rmdir of a cgroup and what a container made below it.</summary>
internal struct CgroupRemoval
{
    private const int FirstPause = 100;
    private const int LongestPause = 50_000;
    private int waited;

    /// <summary>How long all removals of one object may wait together, in microseconds.</summary>
    public const int Patience = 1_000_000;

    /// <summary>
    /// Removes <paramref name="path"/> below <paramref name="parent"/>; false when it stays busy. A process that has
    /// exited leaves its cgroup a moment after its parent was told, so EBUSY is tried again.
    /// </summary>
    public bool Remove(CgroupDirectory parent, string path)
    {
        int pause = FirstPause;
        while (true)
        {
            Errno error = parent.RemoveChild(path);
            if (error is Errno.None or Errno.ENOENT) return true;
            if (error != Errno.EBUSY) throw new SystemCallException("rmdir", $"{parent.Path}/{path}", error);
            using (CgroupDirectory? busy = parent.TryOpen(path))
            {
                if (busy is not null && RemoveBelow(busy)) continue;
            }

            if (waited >= Patience) return false;
            Waiting.Sleep(pause);
            waited += pause;
            pause = Math.Min(pause * 2, LongestPause);
        }
    }

    // Children come after their parents in the list, so backwards is bottom-up. True when something was removed.
    private static bool RemoveBelow(CgroupDirectory top)
    {
        List<string> paths = CgroupProcesses.Below(top, directory => RemoveBelow(directory));
        bool removed = false;
        for (int i = paths.Count - 1; i >= 0; i--) removed |= top.RemoveChild(paths[i]) == Errno.None;
        return removed;
    }
}
