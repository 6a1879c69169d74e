// INTERIM: whoever pushes Native/Cgroups deletes this file.
#pragma warning disable
using Container.Native.Syscalls;
namespace Container.Native.Cgroups;
public abstract class CgroupManager {
 public abstract FileDescriptor? OpenForClone();
 public abstract void Add(int pid);
 public abstract IReadOnlyDictionary<string, string> Paths { get; }
}
public sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers);
public sealed class CgroupHost { public static CgroupHost Current => new(); public string? UnifiedMount => "/sys/fs/cgroup/unified";
 public IReadOnlyList<CgroupHierarchy> Hierarchies => [ new("/sys/fs/cgroup/memory",["memory"]), new("/sys/fs/cgroup/pids",["pids"]) ]; }
