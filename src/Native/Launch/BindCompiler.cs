using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>Mounts of type bind: what exists on the host, shown in the container.</summary>
internal static class BindCompiler
{
    private const uint DirectoryMode = 0x1ED;
    private const uint FileMode = 0x1A4;

    public static void Add(LaunchCompilation c, OciMount mount, MountOptions options, int index)
    {
        LaunchPlan plan = c.Plan;
        string source = Path.Combine(c.Options.Bundle, mount.Source ?? "");
        if (options.CopiesLink && Files.ReadLink(source) is { } link)
        {
            CopyLink(c, mount.Destination, link);
            return;
        }

        bool recursive = options.IsRecursiveBind || !options.IsBind;
        ProcTargets.CheckBind(mount.Destination, source);
        LaunchSlot tree = Open(c, mount, options, index, source, recursive);
        MountCompiler.SetAttributes(plan, tree, options.Attributes, recursive: false, mount.Destination);
        MountCompiler.SetAttributes(plan, tree, options.RecursiveAttributes, recursive: true, mount.Destination);
        bool isLink = options.KeepsSourceLink && Files.ReadLink(source) is not null;
        bool isDirectory = !isLink && Files.IsDirectory(source);
        LaunchSlot target = OpenTarget(c, mount.Destination, isDirectory, !options.KeepsTargetLink);
        ProcTargets.Refuse(c, target, mount.Destination);
        if (!c.SharesMounts)
            MountCompiler.Move(plan, tree, target, new LaunchStep("move_mount", mount.Destination, $"bind {source}"));

        // Without that of the root, sharing is among the container's own namespaces (as with runc).
        if (options.Propagation == Mount.MS_SHARED && !RootCompiler.IsShared(c))
        {
            MountOptions slave = MountOptions.Parse([options.PropagatesRecursively ? "rslave" : "slave"]);
            MountCompiler.SetPropagation(plan, tree, slave, mount.Destination);
        }

        // A bind stays private unless asked: what is mounted inside must not appear on the host.
        MountOptions propagation = options.Propagation == 0 ? MountOptions.Parse(["rprivate"]) : options;
        MountCompiler.SetPropagation(plan, tree, propagation, mount.Destination);
        if (c.SharesMounts)
            MountCompiler.Move(plan, tree, target, new LaunchStep("move_mount", mount.Destination, $"bind {source}"));
        plan.Close(tree);
    }

    private static LaunchSlot Open(
        LaunchCompilation c, OciMount mount, MountOptions options, int index, string source, bool recursive)
    {
        bool maps = options.IsIdMapped || mount.UidMappings is not null;
        if (maps && !c.Options.Privileged)
            throw new OciException($"mounts[{index}]", $"mounts[{index}]: only root can map the ids of '{source}'");
        if (!c.Options.Privileged || (!maps && IsForChild(c, options, source)))
            return MountCompiler.OpenTree(c.Plan, source, recursive, !options.KeepsSourceLink);

        FileDescriptor tree = DetachedMount.Clone(source, recursive, !options.KeepsSourceLink);
        int number = c.Plan.Own(tree);
        if (!maps) return c.Plan.AddSlot(number);

        (IReadOnlyList<OciIdMapping>? uids, IReadOnlyList<OciIdMapping>? gids) =
            MountIdMap.Read(mount, options, c.Linux, index);
        if (uids is null && !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER))
        {
            throw new OciException(
                $"mounts[{index}]", $"mounts[{index}]: idmap needs uidMappings and gidMappings, or a user namespace");
        }

        // Before it is attached, and when the user namespace has its maps: the parent does it while the child waits.
        c.MappedBinds.Add(new MappedBind(tree, options.IsRecursiveIdMap, source, uids, gids));
        return c.Plan.AddSlot(number);
    }

    /// <summary>
    /// Whether the child may open the source, so that mountinfo, which since Linux 6.8 lists mounts by age, has the
    /// document's order, and what hooks of the runtime have mounted there is seen. Not where the child has other ids or is
    /// in another mount namespace; nor where its mounts, which are slaves of the host's, would have to be peers of them;
    /// nor where the path goes through "/", over which the container's root lies by then.
    /// </summary>
    private static bool IsForChild(LaunchCompilation c, MountOptions options, string source) =>
        !c.EntersRunning
        && c.Namespaces.Creates(CloneArguments.CLONE_NEWNS)
        && !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER)
        && !RootCompiler.IsShared(c)
        && !options.KeepsSourceLink
        && PlainPath.Is(source);

    private static LaunchSlot OpenTarget(LaunchCompilation c, string destination, bool isDirectory, bool follow)
    {
        if (follow) return isDirectory ? c.OpenDirectory(destination) : c.OpenFile(destination);

        LaunchPlan plan = c.Plan;
        (LaunchSlot parent, nint name) = OpenParent(c, destination);
        if (isDirectory)
        {
            plan.Call(
                SystemCallNumber.mkdirat, new LaunchStep("mkdir", destination, null), [parent, name, DirectoryMode],
                tolerated: Errno.EEXIST);
        }
        else
        {
            plan.Call(
                SystemCallNumber.mknodat, new LaunchStep("mkfile", destination, null),
                [parent, name, Files.S_IFREG | FileMode, 0], tolerated: Errno.EEXIST);
        }

        LaunchSlot target = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("open", destination, null),
            [parent, name, Files.O_PATH | Files.O_NOFOLLOW | Files.O_CLOEXEC], target);
        plan.Close(parent);
        return target;
    }

    // EEXIST: the container's root had it already, as it has after a first start.
    private static void CopyLink(LaunchCompilation c, string destination, string link)
    {
        (LaunchSlot parent, nint name) = OpenParent(c, destination);
        c.Plan.Call(
            SystemCallNumber.symlinkat, new LaunchStep("symlink", destination, $"to {link}"),
            [c.Plan.Text(link), parent, name], tolerated: Errno.EEXIST);
        c.Plan.Close(parent);
    }

    private static (LaunchSlot Parent, nint Name) OpenParent(LaunchCompilation c, string destination)
    {
        (string parent, string name) = LaunchCompilation.Split(destination);
        if (name is "" or "." or "..")
            throw new OciException("mounts", $"mounts: '{destination}' does not end with a name, and could be no link");
        return (c.OpenDirectory(parent), c.Plan.Text(name));
    }
}
