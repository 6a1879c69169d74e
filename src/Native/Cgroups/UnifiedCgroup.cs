using Container.Native.Cgroups.Devices;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;
using Container.Native.Cgroups.Unified;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>A container's cgroup on a v2 host.</summary>
internal sealed class UnifiedCgroup : CgroupManager
{
    // What statistics and the notice of an out-of-memory kill need. A controller the host lacks is left out here; a
    // limit of it will say so.
    private static readonly string[] Wanted = ["cpu", "io", "memory", "pids"];

    private readonly UnifiedTree tree;
    private bool clonedInto;
    private bool fresh;

    public UnifiedCgroup(string path, CgroupOptions options, string mountPoint)
        : base(path, options) => tree = new UnifiedTree(mountPoint, CgroupPath.Resolve(path, ""));

    public override bool Exists => tree.Leaf is not null;

    public override bool IsFrozen => UnifiedFreezer.IsFrozen(tree.Required);

    public override IReadOnlyDictionary<string, string> Paths => new Dictionary<string, string> { [""] = tree.Path };

    public override void Create()
    {
        try
        {
            fresh = tree.Create();
        }
        catch (SystemCallException error) when (Options.AllowUnwritable &&
            error.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS)
        {
            return;
        }

        if (!fresh)
        {
            RequireEmpty(tree.Required);
            RequireThawed(IsFrozen, tree.Required);
        }

        fresh = true;
        tree.Enable(Wanted, required: false);
    }

    internal override void Adopt()
    {
        fresh = true;
        tree.Enable(Wanted, required: false);
    }

    internal override FileDescriptor? OpenForClone(ProcessCgroups? first)
    {
        FileDescriptor? directory = tree.Leaf is { } leaf ? tree.OpenForClone(leaf, first)
            : first is null ? null : OpenOf(first);
        clonedInto = directory is not null;
        return directory;
    }

    internal override IReadOnlyList<FileDescriptor> OpenForAttach(ProcessCgroups? first) => [];

    public override void Add(int pid)
    {
        if (!clonedInto && Exists) tree.Required.Write("cgroup.procs", pid);
    }

    public override void Apply(OciResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        if (!Exists && Options.AllowUnwritable)
        {
            AbsentLimits.Refuse(resources, tree.Path);
            return;
        }

        UnifiedResources.Apply(tree, resources);
        if (!fresh && resources.Devices is null) return;
        DeviceRules rules = DeviceRules.Create(resources.Devices);
        DeviceAccessPolicy.Apply(() => UnifiedDevices.Apply(tree.Required, rules), Options.AllowUnwritable);
    }

    public override void GiveTo(uint uid) => CgroupDelegation.Give(tree.Required, uid);

    public override void Freeze() => UnifiedFreezer.Freeze(tree.Required);

    public override void Thaw() => UnifiedFreezer.Thaw(tree.Required);

    public override IReadOnlyList<int> GetProcesses() => tree.Leaf is { } leaf ? CgroupProcesses.List(leaf) : [];

    public override void Kill()
    {
        if (tree.Leaf is not { } leaf || UnifiedFreezer.TryKill(leaf)) return;
        CgroupProcesses.KillAll(leaf, () => UnifiedFreezer.Freeze(leaf), () => UnifiedFreezer.Thaw(leaf));
    }

    public override bool Remove()
    {
        tree.Forget();
        CgroupRemoval removal = default;
        return removal.Remove(tree.Mount, tree.RelativePath);
    }

    public override void RemoveIfUnused()
    {
        tree.Forget();
        _ = tree.Mount.RemoveChild(tree.RelativePath);
    }

    public override CgroupStatistics GetStatistics() => UnifiedStatistics.Read(tree.Required);

    public override long OutOfMemoryKills() =>
        CgroupText.Find(tree.Leaf?.TryRead("memory.events"), "oom_kill") ?? 0;

    internal override OutOfMemoryWatch? WatchOutOfMemory() =>
        tree.Required.Exists("memory.events") ? OutOfMemoryWatch.OfUnified(tree.Required, OutOfMemoryKills) : null;

    internal override void Settle() => tree.Settle();

    private protected override void Close() => tree.Dispose();

    // Where an ordinary user may not write, the container never had a cgroup of its own.
    private FileDescriptor? OpenOf(ProcessCgroups first)
    {
        try
        {
            using FileDescriptor file = first.Open(tree.Mount, "", "cgroup.procs", FileCalls.O_WRONLY);
        }
        catch (SystemCallException failure) when (
            Options.AllowUnwritable && failure.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS)
        {
            return null;
        }

        return first.Open(tree.Mount, "", ".", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
    }
}
