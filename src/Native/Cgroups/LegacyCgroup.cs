using Container.Native.Cgroups.Devices;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Legacy;
using Container.Native.Cgroups.Statistics;
using Container.Native.Cgroups.Unified;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>
/// A container's cgroups on a v1 or hybrid host: a directory in every v1 hierarchy, for a container that mounts cgroups
/// would see the host's root of a hierarchy it is not in. On a hybrid host there is one in the v2 tree too: it takes
/// the process at clone, and kills and freezes the whole container in one write.
/// </summary>
internal sealed class LegacyCgroup : CgroupManager
{
    private static readonly string[] ProcessSources = ["freezer", "devices", "pids", "memory", "cpu"];

    private readonly List<LegacyMembership> memberships = [];
    private readonly UnifiedTree? tree;
    private bool attached;
    private bool clonedInto;
    private bool fresh;

    public LegacyCgroup(string path, CgroupOptions options, CgroupHost host)
        : base(path, options)
    {
        foreach (CgroupHierarchy hierarchy in host.Hierarchies)
        {
            string place = PathOf(hierarchy) ?? path;
            memberships.Add(new LegacyMembership(hierarchy, CgroupPath.Resolve(place, hierarchy.Controllers[0])));
        }

        if (host.UnifiedMount is not null) tree = new UnifiedTree(host.UnifiedMount, CgroupPath.Resolve(path, ""));
    }

    public override bool Exists => Any is not null;

    private string? PathOf(CgroupHierarchy hierarchy)
    {
        for (int i = 0; Options.ControllerPaths is { } paths && i < hierarchy.Controllers.Count; i++)
        {
            if (paths.TryGetValue(hierarchy.Controllers[i], out string? path)) return path;
        }

        return null;
    }

    public override bool IsFrozen =>
        Companion is { } unified
            ? UnifiedFreezer.IsFrozen(unified)
            : Find("freezer") is { } freezer && LegacyFreezer.IsFrozen(freezer);

    public override IReadOnlyDictionary<string, string> Paths
    {
        get
        {
            Dictionary<string, string> paths = [];
            foreach (LegacyMembership membership in memberships)
            {
                if (membership.Leaf is null) continue;
                foreach (string controller in membership.Hierarchy.Controllers) paths[controller] = membership.Path;
            }

            if (Companion is not null) paths[""] = tree!.Path;
            return paths;
        }
    }

    // The v2 directory, if it can do what it is for: cgroup.kill came with Linux 5.14, later than all else used of it.
    private CgroupDirectory? Companion => tree?.Leaf is { } leaf && leaf.Exists("cgroup.kill") ? leaf : null;

    private CgroupDirectory? Any
    {
        get
        {
            foreach (string controller in ProcessSources)
            {
                if (Find(controller) is { } directory) return directory;
            }

            // A removal that failed half-way may have left any of them. Each is closed before the next is opened.
            foreach (LegacyMembership membership in memberships)
            {
                if (membership.Leaf is { } directory) return directory;
                membership.Dispose();
            }

            return tree?.Leaf;
        }
    }

    public override void Create()
    {
        bool existed = false;
        try
        {
            MakeDirectories(ref existed);
            if (existed && Any is { } directory) RequireEmpty(directory);
            if (existed && Find("freezer") is { } freezer) RequireThawed(LegacyFreezer.IsFrozen(freezer), freezer);
            CreateCompanion();
        }
        catch (Exception) when (!existed)
        {
            Remove();
            throw;
        }

        fresh = true;
    }

    internal override void Adopt()
    {
        bool existed = false;
        MakeDirectories(ref existed);
        fresh = true;
    }

    internal override FileDescriptor? OpenForClone(ProcessCgroups? first)
    {
        FileDescriptor? directory = Companion is { } unified ? tree!.OpenForClone(unified, first)
            : tree is { Leaf: null } && !Options.AllowUnwritable
                ? first?.Open(tree.Mount, "", ".", FileCalls.O_PATH | FileCalls.O_DIRECTORY) : null;
        clonedInto = directory is not null;
        return directory;
    }

    internal override IReadOnlyList<FileDescriptor> OpenForAttach(ProcessCgroups? first)
    {
        List<FileDescriptor> files = new(memberships.Count);
        try
        {
            foreach (LegacyMembership membership in memberships)
            {
                if (membership.Leaf is { } leaf) files.Add(leaf.OpenFile("tasks", FileCalls.O_WRONLY));
                else if (first is not null && OpenOf(first, membership) is { } file) files.Add(file);
            }
        }
        catch
        {
            foreach (FileDescriptor file in files) file.Dispose();
            throw;
        }

        attached = true;
        return files;
    }

    public override void Add(int pid)
    {
        if (!attached)
        {
            foreach (LegacyMembership membership in memberships) membership.Leaf?.Write("cgroup.procs", pid);
        }

        if (!clonedInto) Companion?.Write("cgroup.procs", pid);
    }

    public override void Apply(OciResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        if (!Exists && Options.AllowUnwritable)
        {
            AbsentLimits.Refuse(resources, Path);
            return;
        }

        OciResources rest = LegacyResources.Apply(Find, resources);
        UnifiedRest(rest);
        if (!fresh && resources.Devices is null) return;
        DeviceRules rules = DeviceRules.Create(resources.Devices);
        CgroupDirectory? devices = Find("devices");
        if (devices is null && Options.AllowUnwritable) return;
        if (devices is null && tree?.Leaf is null) throw CgroupControl.Absent("devices", "a list of devices");
        DeviceAccessPolicy.Apply(
            () =>
            {
                if (devices is not null) LegacyDevices.Apply(devices, rules, fresh);
                else UnifiedDevices.Apply(tree!.Required, rules);
            },
            Options.AllowUnwritable);
    }

    public override void GiveTo(uint uid)
    {
        foreach (LegacyMembership membership in memberships)
        {
            // With a controller its files would let the owner raise his own limits.
            if (membership.Hierarchy.IsNamed && membership.Leaf is { } named) CgroupDelegation.GiveNamed(named, uid);
        }

        if (Companion is { } unified) CgroupDelegation.Give(unified, uid);
    }

    public override void Freeze()
    {
        if (Companion is { } unified) UnifiedFreezer.Freeze(unified);
        else LegacyFreezer.Freeze(Require("freezer", "pause"));
    }

    public override void Thaw()
    {
        if (Companion is { } unified) UnifiedFreezer.Thaw(unified);
        else LegacyFreezer.Thaw(Require("freezer", "resume"));
    }

    public override IReadOnlyList<int> GetProcesses() => Any is { } directory ? CgroupProcesses.List(directory) : [];

    public override void Kill()
    {
        if (Companion is { } unified && UnifiedFreezer.TryKill(unified))
        {
            // Frozen by the v1 freezer, which others use, they would not die before somebody thaws them.
            if (Find("freezer") is { } other && LegacyFreezer.IsFrozen(other)) LegacyFreezer.Thaw(other);
            return;
        }

        if (Any is not { } directory) return;
        if (Find("freezer") is { } freezer)
        {
            CgroupProcesses.KillAll(directory, () => LegacyFreezer.Freeze(freezer), () => LegacyFreezer.Thaw(freezer));
        }
        else
        {
            CgroupProcesses.KillAll(directory, static () => { }, static () => { });
        }
    }

    public override bool Remove()
    {
        CgroupRemoval removal = default;
        bool removed = true;
        foreach (LegacyMembership membership in memberships)
        {
            membership.Forget();
            removed &= removal.Remove(membership.Mount, membership.RelativePath);

            // Each is closed before the next is opened: a caller that lacks descriptors can remove them too.
            membership.Dispose();
        }

        if (tree is null) return removed;
        tree.Forget();
        return removal.Remove(tree.Mount, tree.RelativePath) && removed;
    }

    public override void RemoveIfUnused()
    {
        foreach (LegacyMembership membership in memberships)
        {
            membership.Forget();
            _ = membership.Mount.RemoveChild(membership.RelativePath);
        }

        tree?.Forget();
        _ = tree?.Mount.RemoveChild(tree.RelativePath);
    }

    public override CgroupStatistics GetStatistics()
    {
        CgroupDirectory? unified = tree?.Leaf;
        Dictionary<string, HugepageStatistics> hugepages =
            Find("hugetlb") is { } pages ? LegacyStatistics.Hugepages(pages)
            : unified is not null ? UnifiedStatistics.Hugepages(unified)
            : [];
        return new CgroupStatistics
        {
            Cpu = LegacyStatistics.Cpu(Find("cpu"), Find("cpuacct")),
            Cpuset = CpusetStatistics.Read(Find("cpuset")),
            Memory = LegacyStatistics.Memory(Find("memory")),
            Pids = StatisticsText.Pids(Find("pids")),
            Io = LegacyStatistics.Io(Find("blkio")),
            Hugepages = hugepages,
            Rdma = StatisticsText.Rdma(Find("rdma")),
            CpuPressure = StatisticsText.Pressure(unified, "cpu.pressure"),
            MemoryPressure = StatisticsText.Pressure(unified, "memory.pressure"),
            IoPressure = StatisticsText.Pressure(unified, "io.pressure"),
        };
    }

    public override long OutOfMemoryKills() =>
        CgroupText.Find(Find("memory")?.TryRead("memory.oom_control"), "oom_kill") ?? 0;

    internal override OutOfMemoryWatch? WatchOutOfMemory() =>
        Find("memory") is { } memory ? OutOfMemoryWatch.OfLegacy(memory) : null;

    internal override void Settle()
    {
        foreach (LegacyMembership membership in memberships) membership.Settle();
        tree?.Settle();
    }

    private protected override void Close()
    {
        foreach (LegacyMembership membership in memberships) membership.Dispose();
        tree?.Dispose();
    }

    // Where an ordinary user may not write, the container never had a cgroup of its own.
    private FileDescriptor? OpenOf(ProcessCgroups first, LegacyMembership membership)
    {
        try
        {
            return first.Open(membership.Mount, membership.Hierarchy.Controllers[0], "tasks", FileCalls.O_WRONLY);
        }
        catch (SystemCallException failure) when (Options.AllowUnwritable && NotPermitted(failure.Errno))
        {
            return null;
        }
    }

    // A controller that is not mounted as v1 may be one the v2 tree offers (hugetlb on this kind of host, often).
    private void UnifiedRest(OciResources rest)
    {
        if (rest == LegacyResources.Nothing) return;
        if (tree?.Leaf is not { } leaf)
        {
            AbsentLimits.RefuseController(rest);
            return;
        }

        // What its caller may not write is v1's, of which the v2 tree has nothing.
        if (Options.AllowUnwritable && string.IsNullOrWhiteSpace(leaf.TryRead("cgroup.controllers")))
        {
            AbsentLimits.Refuse(rest, Path);
            return;
        }

        UnifiedResources.Apply(tree, rest);
    }

    private void MakeDirectories(ref bool existed)
    {
        foreach (LegacyMembership membership in memberships)
        {
            Errno error = membership.Create();
            existed |= error == Errno.EEXIST;
            if (error is Errno.None or Errno.EEXIST || (Options.AllowUnwritable && NotPermitted(error))) continue;
            throw new SystemCallException("mkdir", membership.Path, error);
        }
    }

    private void CreateCompanion()
    {
        if (tree is null) return;
        try
        {
            if (tree.Create() || Companion is not { } unified) return;
            RequireEmpty(unified);
            RequireThawed(UnifiedFreezer.IsFrozen(unified), unified);
        }
        catch (SystemCallException error) when (NotPermitted(error.Errno))
        {
            // The v1 hierarchies do without it.
        }
    }

    private CgroupDirectory? Find(string controller)
    {
        foreach (LegacyMembership membership in memberships)
        {
            if (membership.Hierarchy.Has(controller)) return membership.Leaf;
        }

        return null;
    }

    private CgroupDirectory Require(string controller, string what) =>
        Find(controller) ?? throw CgroupControl.Absent(controller, what);

    private static bool NotPermitted(Errno error) => error is Errno.EACCES or Errno.EPERM or Errno.EROFS;
}
