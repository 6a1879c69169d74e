using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Native.Cgroups;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// What a container has used since it was started, or null where it does not run: its control group's numbers, and
    /// those of its network devices.
    /// </summary>
    public ContainerUsage? TryMeasure(string nameOrId)
    {
        ContainerRecord record = Resolve(nameOrId);
        if (record.Pid is not { } pid || store.TryRead(record.Id) is not { } document) return null;
        try
        {
            using CgroupManager cgroup = CgroupManager.Open(document.CgroupsPath);
            (long received, long sent) = NetworkTraffic.Read(pid);
            return new ContainerUsage
            {
                Container = record,
                TakenAt = DateTimeOffset.UtcNow,
                Clock = Stopwatch.GetTimestamp(),
                Cgroup = cgroup.GetStatistics(),
                ReceivedBytes = received,
                SentBytes = sent,
            };
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ESRCH)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
