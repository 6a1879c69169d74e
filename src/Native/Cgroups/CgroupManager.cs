using Container.Native.Cgroups.Hierarchies;
using Container.Native.Cgroups.Statistics;
using Container.Native.Cgroups.Systemd;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>
/// One container's cgroup, in the v2 tree or in all v1 hierarchies at once. Opening looks at nothing but the mount
/// table; directories are opened when they are needed.
/// </summary>
/// <remarks>
/// A new process enters without the kernel's thread-group lock, whose cold cost is a grace period of 8 ms (measured):
/// <see cref="OpenForClone()"/> gives clone3(2) the v2 directory, and the single-threaded child writes <c>0</c> to each
/// file of <see cref="OpenForAttach()"/> as its first operation. Only then does it unshare its cgroup namespace: the
/// namespace's root is the cgroup its creator is in, and CLONE_NEWCGROUP takes effect before CLONE_INTO_CGROUP does.
/// <see cref="Add"/> is for processes that run already.
/// </remarks>
public abstract class CgroupManager : IDisposable
{
    /// <summary>What an annotation begins with that names a property of the scope (docs/systemd.md of runc).</summary>
    internal const string UnitAnnotations = SystemdAnnotations.Prefix;

    private protected CgroupManager(string path, CgroupOptions options)
    {
        Path = path;
        Options = options;
    }

    /// <summary>The path as it was opened.</summary>
    public string Path { get; }

    /// <summary>Whether the cgroup's directories exist.</summary>
    public abstract bool Exists { get; }

    /// <summary>Whether there is a cgroup only when a process is put into it.</summary>
    internal virtual bool IsMadeLater => false;

    /// <summary>Whether every process is stopped by <see cref="Freeze"/>.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>Controller to absolute directory; in a v2 tree the only key is the empty string.</summary>
    public abstract IReadOnlyDictionary<string, string> Paths { get; }

    private protected CgroupOptions Options { get; }

    /// <summary>
    /// The cgroup at <paramref name="path"/>: absolute from the mount points, relative from the caller's own cgroup.
    /// </summary>
    public static CgroupManager Open(string path, CgroupOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CgroupOptions();
        CgroupHost host = options.Host ?? CgroupHost.Current;
        return host.Layout switch
        {
            CgroupLayout.Unified => new UnifiedCgroup(path, options, host.UnifiedMount!),
            CgroupLayout.None => throw new CgroupException(null, null, "no cgroup file system is mounted on this host"),
            _ => new LegacyCgroup(path, options, host),
        };
    }

    /// <summary>
    /// A cgroup that systemd makes, over D-Bus. Its processes have to be started with <see cref="Add"/>.
    /// </summary>
    /// <param name="scope">The slice and the unit's name, <c>slice/unit</c>, as <see cref="FindScope"/> gives it.</param>
    /// <param name="path">Where the cgroup is, as <see cref="FindScope"/> gives it.</param>
    /// <param name="options">As for <see cref="Open"/>.</param>
    public static CgroupManager OpenScope(string scope, string path, CgroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scope);
        string[] parts = scope.Split('/');
        return new SystemdCgroup(new SystemdScope(parts[0], parts[1]), path, options ?? new CgroupOptions());
    }

    /// <summary>The scope of a cgroups path <c>slice:prefix:name</c>, and the path of the cgroup it will be.</summary>
    public static (string Scope, string Path) FindScope(string? cgroupsPath, string id)
    {
        SystemdScope scope = SystemdScope.Parse(cgroupsPath, id, Users.geteuid() != 0);
        return ($"{scope.Slice}/{scope.Unit}", SystemdCgroup.Locate(scope));
    }

    /// <summary>Makes the directories; a cgroup that has processes already is refused.</summary>
    public abstract void Create();

    /// <summary>Makes what is missing of a cgroup whose process is ours already.</summary>
    internal abstract void Adopt();

    /// <summary>The v2 directory for CLONE_INTO_CGROUP, owned by the caller; null where there is none.</summary>
    public FileDescriptor? OpenForClone() => OpenForClone(null);

    /// <param name="first">Whom to follow where the container's own directory is not there, or takes no process; or
    /// null.</param>
    internal abstract FileDescriptor? OpenForClone(ProcessCgroups? first);

    /// <summary>
    /// The files, owned by the caller, to which a single-threaded child writes <c>0</c> to enter the v1 hierarchies,
    /// which CLONE_INTO_CGROUP does not reach; none on a v2 host.
    /// </summary>
    public IReadOnlyList<FileDescriptor> OpenForAttach() => OpenForAttach(null);

    /// <param name="first">Whom to follow in a hierarchy where the container's own directory is not there, or
    /// null.</param>
    internal abstract IReadOnlyList<FileDescriptor> OpenForAttach(ProcessCgroups? first);

    /// <summary>
    /// Moves a running process, all its threads, into the cgroup; what <see cref="OpenForClone()"/> and
    /// <see cref="OpenForAttach()"/> were asked to open is left out, for there the process is already.
    /// </summary>
    public abstract void Add(int pid);

    /// <summary>Sets the limits that <paramref name="resources"/> names, and leaves the others as they are.</summary>
    /// <exception cref="CgroupException">The kernel has no such limit, or refuses the value.</exception>
    public abstract void Apply(OciResources resources);

    /// <summary>
    /// Gives the cgroup to a user, as the runtime specification words it. Of v1 only hierarchies without controllers are
    /// given away, which systemd keeps its units in.
    /// </summary>
    public abstract void GiveTo(uint uid);

    /// <summary>Stops every process and waits until all have stopped.</summary>
    public abstract void Freeze();

    /// <summary>Lets the processes go on.</summary>
    public abstract void Thaw();

    /// <summary>The processes of the cgroup and of those below it, as the caller's pid namespace sees them.</summary>
    public abstract IReadOnlyList<int> GetProcesses();

    /// <summary>Kills every process, frozen ones too, those forking meanwhile included.</summary>
    public abstract void Kill();

    /// <summary>
    /// Removes the directories, sub-cgroups first, waiting a second at most for processes that are still exiting.
    /// </summary>
    /// <returns>False when processes keep one of them.</returns>
    public abstract bool Remove();

    /// <summary>Removes those of the directories that have neither processes nor cgroups below them.</summary>
    public abstract void RemoveIfUnused();

    /// <summary>What the cgroup has used, and its limits.</summary>
    public abstract CgroupStatistics GetStatistics();

    /// <summary>How many processes the kernel killed because the memory limit was reached.</summary>
    public abstract long OutOfMemoryKills();

    /// <summary>Tells of such kills when they happen; null where memory is not accounted.</summary>
    internal abstract OutOfMemoryWatch? WatchOutOfMemory();

    /// <summary>Closes what is not needed before the cgroup is removed.</summary>
    internal abstract void Settle();

    /// <summary>Closes the directories; the cgroup stays.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Close();

    /// <summary>
    /// Refuses a cgroup that existed and is in use: two containers would share limits and each other's kill.
    /// </summary>
    private protected static void RequireEmpty(CgroupDirectory directory)
    {
        List<int> processes = CgroupProcesses.List(directory);
        if (processes.Count == 0) return;
        throw new CgroupException(
            null, "cgroup.procs", $"the container's cgroup is not empty: '{directory.Path}' already has " +
            $"{processes.Count} processes (pid {processes[0]} is one): choose another cgroup path or end them");
    }

    /// <summary>Refuses a cgroup that existed and is frozen: the container would stop before it is one.</summary>
    private protected static void RequireThawed(bool isFrozen, CgroupDirectory directory)
    {
        if (!isFrozen) return;
        throw new CgroupException(
            "freezer", null, $"the container's cgroup unexpectedly frozen: thaw '{directory.Path}', or choose another");
    }
}
