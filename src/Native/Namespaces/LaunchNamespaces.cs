using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>Which namespaces a container gets: made with clone3(2), made later by the child, or joined.</summary>
internal sealed class LaunchNamespaces
{
    private static readonly (string Type, ulong Flag)[] Kinds =
    [
        // The order of joining; NamespaceCompiler says which come before the user namespace.
        ("user", CloneArguments.CLONE_NEWUSER),
        ("ipc", CloneArguments.CLONE_NEWIPC),
        ("uts", CloneArguments.CLONE_NEWUTS),
        ("network", CloneArguments.CLONE_NEWNET),
        ("pid", CloneArguments.CLONE_NEWPID),
        ("cgroup", CloneArguments.CLONE_NEWCGROUP),
        ("time", CloneArguments.CLONE_NEWTIME),
        ("mount", CloneArguments.CLONE_NEWNS),
    ];

    private readonly List<(string Type, ulong Flag, string Path)> joined = [];

    private readonly bool networkLater;

    /// <summary>The namespaces of <paramref name="namespaces"/>.</summary>
    /// <param name="namespaces">What the document lists.</param>
    /// <param name="networkLater">Nothing needs a new network namespace before the child has made it.</param>
    public LaunchNamespaces(IReadOnlyList<OciNamespace>? namespaces, bool networkLater = false)
    {
        this.networkLater = networkLater;
        foreach ((string type, ulong flag) in Kinds)
        {
            OciNamespace? wanted = Find(namespaces, type);
            if (wanted is null) continue;
            All |= flag;
            if (string.IsNullOrEmpty(wanted.Path)) Created |= flag;
            else joined.Add((type, flag, wanted.Path));
        }
    }

    /// <summary>CLONE_NEW* of the namespaces that are new.</summary>
    public ulong Created { get; }

    /// <summary>CLONE_NEW* of every namespace the container does not share with the host's defaults.</summary>
    public ulong All { get; }

    /// <summary>The namespaces that exist already, in the order in which they are joined.</summary>
    public IReadOnlyList<(string Type, ulong Flag, string Path)> Joined => joined;

    /// <summary>
    /// The new namespaces cannot come with clone3(2): they must belong to a user namespace that is joined first, or a time
    /// namespace is joined, which only the child can and only before it is in a user namespace without rights over it.
    /// </summary>
    public bool AreMadeAfterJoining => PathOf(CloneArguments.CLONE_NEWUSER) is not null
        || (Creates(CloneArguments.CLONE_NEWUSER) && PathOf(CloneArguments.CLONE_NEWTIME) is not null);

    /// <summary>
    /// Whether the child makes its network namespace: by far the dearest one, and made while the parent, which
    /// clone3(2) would keep, writes the id maps and the state.
    /// </summary>
    public bool MakesNetworkInChild =>
        networkLater && !AreMadeAfterJoining && Creates(CloneArguments.CLONE_NEWNET);

    /// <summary>
    /// What the child makes once the parent has put it into its cgroup and mapped its ids: a cgroup namespace, whose root
    /// is the cgroup the process is in when it is made (cgroup_namespaces(7)), and beside a new user namespace that of ipc,
    /// whose mqueue file system belongs to whoever makes it.
    /// </summary>
    public ulong MadeLast => AreMadeAfterJoining || !Creates(CloneArguments.CLONE_NEWUSER)
        ? Created & CloneArguments.CLONE_NEWCGROUP
        : Created & (CloneArguments.CLONE_NEWCGROUP | CloneArguments.CLONE_NEWIPC);

    /// <summary>
    /// The flags for clone3(2). Time is not among them, but made by the parent, as its offsets cannot be set once a process
    /// is in it (time_namespaces(7)).
    /// </summary>
    public ulong CloneFlags => AreMadeAfterJoining
        ? 0
        : Created & ~(MadeLast | CloneArguments.CLONE_NEWTIME
            | (MakesNetworkInChild ? CloneArguments.CLONE_NEWNET : 0));

    /// <summary>
    /// Whether the child joins a namespace of this kind itself. Those that a process with more than one thread may
    /// join, the parent enters before clone, while it still has its rights over them; the child inherits them, the
    /// pid namespace among them (setns(2)).
    /// </summary>
    public bool IsJoinedByChild(ulong flag) => AreMadeAfterJoining
        || flag is CloneArguments.CLONE_NEWUSER or CloneArguments.CLONE_NEWNS or CloneArguments.CLONE_NEWTIME;

    /// <summary>Whether a new namespace of this kind is made.</summary>
    public bool Creates(ulong flag) => (Created & flag) != 0;

    /// <summary>Whether the container has a namespace of this kind to itself or joins one.</summary>
    public bool Has(ulong flag) => Creates(flag) || joined.Exists(n => n.Flag == flag);

    /// <summary>Where the namespace of this kind is that is joined, or null.</summary>
    public string? PathOf(ulong flag) => joined.Find(n => n.Flag == flag).Path;

    /// <summary>The runtime specification's words for CLONE_NEW* flags.</summary>
    public static string Names(ulong flags)
    {
        List<string> names = [];
        foreach ((string type, ulong flag) in Kinds)
        {
            if ((flags & flag) != 0) names.Add(type);
        }

        return string.Join(',', names);
    }

    private static OciNamespace? Find(IReadOnlyList<OciNamespace>? namespaces, string type)
    {
        for (int i = 0; namespaces is not null && i < namespaces.Count; i++)
        {
            if (namespaces[i].Type == type) return namespaces[i];
        }

        return null;
    }
}
