using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;
using Container.Native.Cgroups.Systemd;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>
/// A container's cgroup that systemd makes: a scope, which has to be started with the process in it. So nothing can be
/// cloned into it; the process enters while it waits, and only then are there files for the limits.
/// </summary>
internal sealed class SystemdCgroup : CgroupManager
{
    private readonly CgroupManager inner;
    private readonly SystemdScope scope;
    private readonly bool user;
    private readonly bool unified;
    private readonly string? mount;
    private OciResources resources = new();
    private List<SystemdProperty> annotated = [];
    private bool starts;

    public SystemdCgroup(SystemdScope scope, string path, CgroupOptions options)
        : base(path, options)
    {
        this.scope = scope;
        inner = Open(path, options);
        user = Users.geteuid() != 0;
        CgroupHost host = options.Host ?? CgroupHost.Current;
        unified = host.Layout == CgroupLayout.Unified;
        mount = host.UnifiedMount;
    }

    public override bool Exists => inner.Exists;

    internal override bool IsMadeLater => starts;

    public override bool IsFrozen => inner.IsFrozen;

    public override IReadOnlyDictionary<string, string> Paths => inner.Paths;

    /// <summary>Where the scope is, for a caller that has not started it yet.</summary>
    public static string Locate(SystemdScope scope)
    {
        if (Users.geteuid() == 0) return scope.Path;
        using SystemdManager manager = SystemdManager.Open(user: true);
        return manager.GetControlGroup() + scope.Path;
    }

    public override void Create()
    {
        annotated = SystemdAnnotations.Read(Options.Annotations);
        starts = true;
    }

    internal override void Adopt() => inner.Adopt();

    internal override FileDescriptor? OpenForClone(ProcessCgroups? first) =>
        starts || IsOutOfReach() ? null : inner.OpenForClone(first);

    internal override IReadOnlyList<FileDescriptor> OpenForAttach(ProcessCgroups? first) =>
        starts ? [] : inner.OpenForAttach(first);

    public override void Add(int pid)
    {
        if (!starts)
        {
            if (IsOutOfReach()) Attach(pid);
            else inner.Add(pid);
            return;
        }

        List<SystemdProperty> properties =
        [
            SystemdProperty.Text("Description", $"container of psrun in {scope.Slice}"),
            SystemdProperty.Text("Slice", scope.Slice),
            SystemdProperty.Process(pid),
            SystemdProperty.Flag("Delegate", true),
            SystemdProperty.Flag("DefaultDependencies", false),
            SystemdProperty.Text("CollectMode", "inactive-or-failed"),
            SystemdProperty.Flag("MemoryAccounting", true),
            SystemdProperty.Flag("CPUAccounting", true),
            SystemdProperty.Flag("TasksAccounting", true),
            SystemdProperty.Flag(unified ? "IOAccounting" : "BlockIOAccounting", true),
        ];
        properties.AddRange(annotated);
        properties.AddRange(SystemdLimits.Create(resources, unified));
        using (SystemdManager manager = SystemdManager.Open(user))
        {
            Talk(() => manager.Start(scope.Unit, properties));
        }

        starts = false;
        inner.Adopt();
        inner.Add(pid);
        inner.Apply(resources);
    }

    public override void Apply(OciResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        if (starts)
        {
            this.resources = resources;
            return;
        }

        List<SystemdProperty> properties = SystemdLimits.Create(resources, unified);
        if (properties.Count > 0)
        {
            using SystemdManager manager = SystemdManager.Open(user);
            Talk(() => manager.Set(scope.Unit, properties));
        }

        inner.Apply(resources);
    }

    public override void GiveTo(uint uid) => inner.GiveTo(uid);

    public override void Freeze() => inner.Freeze();

    public override void Thaw() => inner.Thaw();

    public override IReadOnlyList<int> GetProcesses() => inner.GetProcesses();

    public override void Kill() => inner.Kill();

    public override bool Remove()
    {
        using (SystemdManager manager = SystemdManager.Open(user))
        {
            Talk(() => manager.Stop(scope.Unit));
        }

        return inner.Remove();
    }

    public override void RemoveIfUnused() => inner.RemoveIfUnused();

    public override CgroupStatistics GetStatistics() => inner.GetStatistics();

    public override long OutOfMemoryKills() => inner.OutOfMemoryKills();

    internal override OutOfMemoryWatch? WatchOutOfMemory() => inner.WatchOutOfMemory();

    internal override void Settle() => inner.Settle();

    private protected override void Close() => inner.Dispose();

    /// <summary>
    /// Whether only systemd can move our processes there: that takes write access to the cgroup which holds both their
    /// old and their new one (cgroups(7)), and a session of the user's is beside the cgroup of the user's manager.
    /// </summary>
    private bool IsOutOfReach()
    {
        if (!user || !unified) return false;
        string[] own = CgroupHost.OwnPath("").Split('/', StringSplitOptions.RemoveEmptyEntries);
        string[] wanted = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int shared = 0;
        while (shared < own.Length && shared < wanted.Length && own[shared] == wanted[shared]) shared++;
        return !Access.CanWrite($"{mount}/{string.Join('/', wanted[..shared])}/cgroup.procs");
    }

    private void Attach(int pid)
    {
        using SystemdManager manager = SystemdManager.Open(user);
        Talk(() => manager.Attach(scope.Unit, pid));
    }

    private void Talk(Action call)
    {
        try
        {
            call();
        }
        catch (BusException failure)
        {
            throw new CgroupException(null, null, $"systemd: unit '{scope.Unit}': {failure.Message}", failure);
        }
    }
}
