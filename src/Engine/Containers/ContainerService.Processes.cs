using Container.Native.Cgroups;
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
        if (!ContainerStatus.IsAlive(store.TryReadState(document.Id))) throw NotRunning(document.Name, nameOrId);
        bool own = Specs.SpecInput.IsPrivate(document.Configuration.PidNamespace);
        ProcessReader reader = new(own, document.IdRangeStart);
        List<ContainerProcessRecord> processes = [];
        foreach (int pid in Members(document.CgroupsPath))
        {
            if (reader.TryRead(pid) is { } process) processes.Add(process);
        }

        processes.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return processes;
    }

    private static IReadOnlyList<int> Members(string path)
    {
        try
        {
            using CgroupManager cgroup = CgroupManager.Open(path);
            return cgroup.GetProcesses();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return [];
        }
    }
}
