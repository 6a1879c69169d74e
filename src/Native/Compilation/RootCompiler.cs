using System.Text;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Attaches the root file system to the child's mount namespace and, at the end, makes it the root.</summary>
internal static class RootCompiler
{
    /// <summary>
    /// Puts the root where it lies on the host, as runc and crun do: paths of the host that lead into it, of later mounts
    /// and of hooks, find what is mounted there. Where the child may have no way to it, or it has no path, it is put over
    /// "/". Paths that start there still lead to the host's tree, as a process' root is not looked up again, but not "/"
    /// itself. In both cases the container's tree is reached through the slot.
    /// </summary>
    public static void Attach(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        nint empty = plan.Text("");
        Open(c);
        if (c.SharesMounts)
        {
            // Nothing of the host's may change: the tree stays detached, which since Linux 6.15 can be mounted in, and
            // goes with the last process that has it as its root.
            MountCompiler.SetAttributes(
                plan, c.Root, new Mount.Attributes { Propagation = Mount.MS_PRIVATE }, recursive: true, "rootfs");
            return;
        }

        // Nothing we mount from here on may reach the host (mount_namespaces(7)); slave, so that what the host
        // mounts below a bind with propagation still arrives.
        plan.Call(
            SystemCallNumber.mount, new LaunchStep("propagation", "/", "rslave"),
            [0, plan.Text("/"), 0, (nint)(Mount.MS_REC | Mount.MS_SLAVE), 0]);

        // pivot_root(2) refuses a root whose mount or parent is shared. A slave stays one of what it was cloned from:
        // made private first, it would have no master.
        ulong propagation = Propagation(c).Propagation == Mount.MS_SLAVE ? Mount.MS_SLAVE : Mount.MS_PRIVATE;
        MountCompiler.SetAttributes(
            plan, c.Root, new Mount.Attributes { Propagation = propagation }, recursive: true, "rootfs");
        string place = IsAtItsPath(c) ? RootPath(c) : "/";
        plan.Call(
            SystemCallNumber.move_mount, new LaunchStep("move_mount", "rootfs", "to " + place),
            [c.Root, empty, FileCalls.AT_FDCWD, plan.Text(place),
                Mount.MOVE_MOUNT_F_EMPTY_PATH | Mount.MOVE_MOUNT_T_SYMLINKS]);
    }

    /// <summary>
    /// Whether the root is put at its path. With the ids of a user namespace that root gives, the child may have no way
    /// there; an ordinary user's child opens the root by its path anyway. chroot(2) alone leaves the host's tree in sight,
    /// unless the root lies over it.
    /// </summary>
    public static bool IsAtItsPath(LaunchCompilation c) =>
        c.Namespaces.Creates(CloneArguments.CLONE_NEWNS) && !c.EntersRunning
        && c.Options is { NoPivot: false, RootFromParent: false }
        && (!c.Options.Privileged || !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER))
        && RootPath(c).AsSpan().Trim('/').Length > 0;

    /// <summary>Where the root lies on the host.</summary>
    public static string RootPath(LaunchCompilation c) =>
        Path.Combine(c.Options.Bundle, c.Spec.Root?.Path ?? "rootfs");

    public static void MakeReadOnly(LaunchCompilation c)
    {
        if (c.Spec.Root?.Readonly != true) return;
        MountCompiler.SetAttributes(
            c.Plan, c.Root, new Mount.Attributes { Set = Mount.MOUNT_ATTR_RDONLY }, recursive: false, "rootfs");
    }

    /// <summary>
    /// pivot_root(".", ".") stacks the old root on the new one, where umount2(2) finds it without a directory made
    /// for it in the container (pivot_root(2), NOTES). The working directory is the host's until it is changed next.
    /// </summary>
    public static void Pivot(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        nint dot = plan.Text(".");
        plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", "rootfs", null), [c.Root]);
        if (c.SharesMounts)
        {
            plan.Call(SystemCallNumber.chroot, new LaunchStep("chroot", "rootfs", null), [dot]);
            return;
        }

        if (c.Options.NoPivot)
        {
            // The root lies over "/" already. The host's tree stays below it, and who sees a /proc without masks
            // there may mount a new one in a user namespace (mount_namespaces(7)): those go.
            foreach (string path in HostProcMounts())
            {
                plan.Call(
                    SystemCallNumber.umount2, new LaunchStep("umount", path, "the host's"),
                    [plan.Text(path), Mount.MNT_DETACH], tolerated: Errno.EINVAL);
            }

            plan.Call(SystemCallNumber.chroot, new LaunchStep("chroot", "rootfs", null), [dot]);
        }
        else
        {
            LaunchSlot host = plan.AddSlot();
            plan.Call(
                SystemCallNumber.openat, new LaunchStep("open", "the host's /", null),
                [FileCalls.AT_FDCWD, plan.Text("/"), FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC], host);
            plan.Call(SystemCallNumber.pivot_root, new LaunchStep("pivot_root", "rootfs", null), [dot, dot]);
            plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", "the host's /", null), [host]);
            plan.Call(
                SystemCallNumber.umount2, new LaunchStep("umount", "the host's /", null), [dot, Mount.MNT_DETACH]);
            plan.Close(host);
        }

        SetPropagation(c);
    }

    /// <summary>Where the host has a procfs or a sysfs, those that lie deeper first.</summary>
    private static List<string> HostProcMounts()
    {
        const int Limit = 64 * 1024 * 1024;

        List<string> found = [];
        using FileDescriptor file = FileCalls.Open("/proc/self/mountinfo", FileCalls.O_RDONLY);
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, "mountinfo")).Split('\n'))
        {
            if (line.Contains(" - proc ", StringComparison.Ordinal) || line.Contains(" - sysfs ", StringComparison.Ordinal))
                found.Insert(0, line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal));
        }

        return found;
    }

    /// <summary>The parent sends the root with the release, or opens it beforehand, or leaves that to the
    /// child.</summary>
    private static void Open(LaunchCompilation c)
    {
        if (c.Options.RootFromParent) return;
        string path = RootPath(c);
        c.Root = c.Options.Privileged
            ? c.Plan.AddSlot(c.Plan.Own(DetachedMount.Clone(path, recursive: true)))
            : MountCompiler.OpenTree(c.Plan, path, recursive: true);
    }

    private static void SetPropagation(LaunchCompilation c)
    {
        MountOptions options = Propagation(c);
        if (options.Propagation is 0 or Mount.MS_PRIVATE or Mount.MS_SLAVE) return;
        MountCompiler.SetAttributes(
            c.Plan, c.Root, new Mount.Attributes { Propagation = options.Propagation },
            options.PropagatesRecursively, "rootfs");
    }

    /// <summary>Whether what is mounted in the container may reach the host, where a mount asks for that.</summary>
    public static bool IsShared(LaunchCompilation c) => (Propagation(c).Propagation & Mount.MS_SHARED) != 0;

    private static MountOptions Propagation(LaunchCompilation c) =>
        MountOptions.Parse(c.Linux.RootfsPropagation is { Length: > 0 } wanted ? [wanted] : null);
}
