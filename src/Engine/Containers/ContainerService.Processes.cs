using Container.Engine.Catalog;
using Container.Engine.State;
using Container.Native.Cgroups;
using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// The processes of a container that runs, as the host's /proc shows them. Nothing of the container is executed
    /// for it (CVE-2022-1227).
    /// </summary>
    public IReadOnlyList<ContainerProcessRecord> GetProcesses(string nameOrId)
    {
        ContainerDocument document = Document(nameOrId);
        MonitorState? state = store.TryReadState(document.Id);
        if (!ContainerStatus.IsAlive(state)) throw NotRunning(document.Name, nameOrId);
        bool own = Specs.SpecInput.IsPrivate(document.Configuration.PidNamespace);
        uint root = document.RootFs.Host && Specs.SpecInput.HasIds(document.Configuration)
            ? Specs.UserHostRoot.RootId
            : 0;
        ProcessReader reader = new(own, document.IdRangeStart, UserIds.Current, root);
        List<ContainerProcessRecord> processes = [];
        foreach (int pid in Members(document.CgroupsPath, state!.Pid))
        {
            if (reader.TryRead(pid) is { } process) processes.Add(process);
        }

        processes.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return processes;
    }

    private static IReadOnlyList<int> Members(string path, int first)
    {
        try
        {
            using CgroupManager cgroup = CgroupManager.Open(path);
            // An ordinary user's container may have no group; its processes share the first one's namespace.
            return cgroup.Exists || UserIds.Current is null ? cgroup.GetProcesses() : PidNamespace.GetProcesses(first);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return [];
        }
    }
}
