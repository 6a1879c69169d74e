using Container.Native.Processes;

namespace Container.Runtime.Monitor;

/// <summary>How the last detached processes ended, for those who ask afterwards. Bounded, whatever runs.</summary>
internal sealed class EndedProcesses
{
    private const int Limit = 64;

    private readonly (int Pid, ExitStatus Status)[] known = new (int, ExitStatus)[Limit];
    private int next;

    /// <summary>Keeps a status; the oldest one goes.</summary>
    public void Add(int pid, ExitStatus status)
    {
        known[next] = (pid, status);
        next = (next + 1) % Limit;
    }

    /// <summary>The status of the latest process that had this id.</summary>
    public bool TryGet(int pid, out ExitStatus status)
    {
        for (int i = 1; i <= Limit; i++)
        {
            (int Pid, ExitStatus Status) entry = known[(next + Limit - i) % Limit];
            if (entry.Pid != pid) continue;
            status = entry.Status;
            return true;
        }

        status = default;
        return false;
    }
}
