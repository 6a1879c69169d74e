using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>The resources of getrlimit(2) by the names of the runtime specification.</summary>
internal static unsafe class ResourceLimits
{
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>The kernel's number of <paramref name="name"/>.</summary>
    public static int Number(string name)
    {
        int number = Array.IndexOf(Names, name);
        return number >= 0
            ? number
            : throw new DocumentException("process.rlimits", $"'{name}' is not a resource limit (getrlimit(2))");
    }

    /// <summary>
    /// Raises the hard limits of process <paramref name="pid"/> that are too low for <paramref name="limits"/>, which
    /// takes CAP_SYS_RESOURCE outside its user namespace. The process lowers the others itself, when it no longer
    /// needs what they take away.
    /// </summary>
    public static void Raise(int pid, IReadOnlyList<OciRlimit>? limits)
    {
        ulong* current = stackalloc ulong[2];
        for (int i = 0; limits is not null && i < limits.Count; i++)
        {
            int resource = Number(limits[i].Type);
            if (limits[i].Soft > limits[i].Hard)
                throw new SystemCallException("setrlimit", limits[i].Type, Errno.EINVAL);
            if (ProcessCalls.prlimit(pid, resource, null, current) < 0)
            {
                // It has other ids, and we no CAP_SYS_RESOURCE: nothing can be raised, and the process will say what it misses.
                SystemCallException failure = SystemCallException.Last("getrlimit", limits[i].Type);
                if (failure.Errno == Errno.EPERM) return;
                throw failure;
            }

            if (limits[i].Hard <= current[1]) continue;
            current[1] = limits[i].Hard;
            SystemCallException.Check(ProcessCalls.prlimit(pid, resource, current, null), "setrlimit", limits[i].Type);
        }
    }
}
