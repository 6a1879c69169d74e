using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>What the parts of the compiler share while they write one plan.</summary>
internal sealed class LaunchCompilation(OciSpec spec, LaunchOptions options, LaunchPlan plan)
{
    public OciSpec Spec { get; } = spec;

    public OciLinux Linux { get; } = spec.Linux ?? new OciLinux();

    public LaunchOptions Options { get; } = options;

    public LaunchPlan Plan { get; } = plan;

    /// <summary>The namespaces that are made or joined.</summary>
    public required LaunchNamespaces Namespaces { get; init; }

    /// <summary>
    /// The container is in the mount namespace of its caller: its root is a tree that no namespace shows, and nothing is
    /// mounted elsewhere.
    /// </summary>
    public bool SharesMounts => !Namespaces.Has(CloneArguments.CLONE_NEWNS);

    /// <summary>The container's root: all paths inside are resolved from it.</summary>
    public LaunchSlot Root { get; set; }

    /// <summary>A procfs of the container's own, once there is one: what is written to it cannot be redirected.</summary>
    public LaunchSlot? Proc { get; set; }

    /// <summary>The container's devpts, once there is one.</summary>
    public LaunchSlot? Terminals { get; set; }

    /// <summary>Binds that show files under other ids, once the namespace with these is there.</summary>
    public List<MappedBind> MappedBinds { get; } = [];

    /// <summary>File systems that become read-only when all that is mounted and made in them is there.</summary>
    public List<(LaunchSlot Mount, string Destination)> ReadOnlyLater { get; } = [];

    /// <summary>The child is in the namespaces of a running container, and sees none of the host's paths.</summary>
    public bool EntersRunning { get; init; }

    /// <summary>1 to resolve paths without openat2(2).</summary>
    public int Walk => Options.ForceWalk ? 1 : 0;

    /// <summary>A slot with the directory <paramref name="path"/> inside the root; it is made if it is missing.</summary>
    public LaunchSlot OpenDirectory(string path)
    {
        LaunchSlot slot = Plan.AddSlot();
        Plan.Add(
            OperationKind.MakeDirectories, new LaunchStep("mkdir", path, null),
            [Root, Plan.Text(path), 0x1ED, Walk], slot);
        return slot;
    }

    /// <summary>A slot with the file <paramref name="path"/> inside the root; an empty one is made if it is
    /// missing.</summary>
    public LaunchSlot OpenFile(string path)
    {
        (string parent, string name) = Split(path);
        Plan.Add(
            OperationKind.MakeFile, new LaunchStep("mkfile", path, null),
            [Root, Plan.Text(parent), Plan.Text(name), Walk]);
        return Open(path, FileCalls.O_PATH);
    }

    /// <summary>A slot with what <paramref name="path"/> leads to inside the root; where it leads nowhere and
    /// <paramref name="skip"/> is given, that many operations are left out.</summary>
    public LaunchSlot Open(string path, int flags, int skip = 0)
    {
        LaunchSlot slot = Plan.AddSlot();
        Plan.Add(
            OperationKind.OpenInRoot, new LaunchStep("open", path, null),
            [Root, Plan.Text(path), flags | FileCalls.O_CLOEXEC, 0, Walk], slot,
            skip > 0 ? Errno.ENOENT : Errno.None, skip);
        return slot;
    }

    /// <summary>The directory and the last component of a path inside the root.</summary>
    public static (string Parent, string Name) Split(string path)
    {
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        return (slash <= 0 ? "/" : trimmed[..slash], trimmed[(slash + 1)..]);
    }
}
