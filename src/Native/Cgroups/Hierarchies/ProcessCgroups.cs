using System.Text;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>
/// The cgroups that the first process of a container is in. A further one follows it where the container's own have gone:
/// without that it would be in its caller's, without limits.
/// </summary>
/// <param name="process">The first process.</param>
internal sealed class ProcessCgroups(FileDescriptor process)
{
    private const int TableLimit = 1024 * 1024;

    private string? table;

    /// <summary>Opens a file of the cgroup in the hierarchy that is mounted at <paramref name="mount"/>.</summary>
    /// <param name="mount">The hierarchy's root.</param>
    /// <param name="controller">One of its controllers; empty for the v2 tree.</param>
    /// <param name="name">The file, or . for the directory.</param>
    /// <param name="flags">As for open(2).</param>
    public FileDescriptor Open(CgroupDirectory mount, string controller, string name, int flags)
    {
        table ??= Read();
        string path = CgroupHost.FindPath(table, controller)
            ?? throw new SystemCallException("open", $"the container's cgroup of {controller}", Errno.ENOENT);
        return mount.OpenFile($"{path.TrimStart('/')}/{name}".TrimStart('/'), flags);
    }

    private string Read()
    {
        int pid = ChildProcess.FindPid(process);
        string path = $"/proc/{pid}/cgroup";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        string text = Encoding.UTF8.GetString(FileCalls.ReadAll(file, TableLimit, path));

        // The id was the process' own as long as it is there now.
        return ChildProcess.Signal(process, 0) ? text : throw new SystemCallException("open", path, Errno.ESRCH);
    }
}
