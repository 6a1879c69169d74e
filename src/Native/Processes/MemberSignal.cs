using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>Signals to all members of a group that is known by the ids of its processes.</summary>
internal static class MemberSignal
{
    private const int Portion = 64;

    /// <summary>
    /// Sends <paramref name="signal"/> to whoever <paramref name="find"/> lists. An id that is read may be that of another
    /// process a moment later; so each gets a descriptor first, and those that are listed after that are the members.
    /// </summary>
    public static void Send(Func<IReadOnlyList<int>> find, int signal)
    {
        IReadOnlyList<int> pids = find();
        for (int start = 0; start < pids.Count; start += Portion)
        {
            List<(int Pid, FileDescriptor Process)> opened = [];
            try
            {
                for (int i = start; i < Math.Min(start + Portion, pids.Count); i++)
                {
                    if (TryOpen(pids[i]) is { } process) opened.Add((pids[i], process));
                }

                HashSet<int> members = [.. find()];
                foreach ((int pid, FileDescriptor process) in opened)
                {
                    if (members.Contains(pid)) ChildProcess.Signal(process, signal);
                }
            }
            finally
            {
                foreach ((_, FileDescriptor process) in opened) process.Dispose();
            }
        }
    }

    private static FileDescriptor? TryOpen(int pid)
    {
        try
        {
            return ChildProcess.Open(pid);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            return null;
        }
    }
}
