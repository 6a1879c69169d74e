using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>
/// This thread in other namespaces for the time of a clone, so that the child is born there; disposing brings it back
/// (setns(2)). A thread may do so for all kinds that are not tied to the process as a whole: user, mount and time.
/// </summary>
internal sealed class NamespaceVisit : IDisposable
{
    private readonly List<(FileDescriptor Home, ulong Flag)> left = [];

    private NamespaceVisit()
    {
    }

    /// <summary>Opens a namespace by its path; what is there may be a FIFO, that nobody writes to.</summary>
    public static FileDescriptor Open(string path) => FileCalls.Open(path, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK);

    /// <summary>Enters the namespaces that are joined by path and that the child does not join itself.</summary>
    public static NamespaceVisit Enter(LaunchNamespaces namespaces)
    {
        NamespaceVisit visit = new();
        try
        {
            foreach ((_, ulong flag, string path) in namespaces.Joined)
            {
                if (namespaces.IsJoinedByChild(flag)) continue;
                using FileDescriptor target = Open(path);
                visit.Enter(target, flag, path);
            }

            return visit;
        }
        catch
        {
            visit.Dispose();
            throw;
        }
    }

    /// <summary>Enters namespaces of the process <paramref name="process"/>.</summary>
    public static NamespaceVisit Enter(FileDescriptor process, ulong flags)
    {
        NamespaceVisit visit = new();
        if (flags != 0) visit.Enter(process, flags, "the container");
        return visit;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((FileDescriptor home, ulong flag) in left)
        {
            using (home)
            {
                SystemCallException.Check(ProcessCalls.setns(home.Number, (int)flag), "setns", "our own namespace");
            }
        }

        left.Clear();
    }

    private void Enter(FileDescriptor target, ulong flag, string path)
    {
        using ProcFile own = ProcFile.Open();
        FileDescriptor home = own.OpenNamespace(FileName(flag));
        if (ProcessCalls.setns(target.Number, (int)flag) < 0)
        {
            SystemCallException failure = SystemCallException.Last("setns", path);
            home.Dispose();
            throw failure;
        }

        left.Add((home, flag));
    }

    private static string FileName(ulong flag) => flag switch
    {
        CloneArguments.CLONE_NEWNET => "net",
        CloneArguments.CLONE_NEWIPC => "ipc",
        CloneArguments.CLONE_NEWUTS => "uts",
        CloneArguments.CLONE_NEWCGROUP => "cgroup",
        CloneArguments.CLONE_NEWPID => "pid",
        _ => throw new ArgumentOutOfRangeException(nameof(flag)),
    };
}
