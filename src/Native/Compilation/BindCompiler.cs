using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Mounts of type bind: what exists on the host, shown in the container.</summary>
internal static class BindCompiler
{
    public static void Add(LaunchCompilation c, OciMount mount, MountOptions options, int index)
    {
        LaunchPlan plan = c.Plan;
        string source = Path.Combine(c.Options.Bundle, mount.Source ?? "");
        if (options.CopiesLink && FileCalls.ReadLink(source) is { } link)
        {
            CopyLink(c, mount.Destination, link);
            return;
        }

        bool recursive = options.IsRecursiveBind || !options.IsBind;
        ProcTargets.CheckBind(mount.Destination, source);
        LaunchSlot tree = BindSource.Open(c, mount, options, index, source, recursive);
        MountCompiler.SetAttributes(plan, tree, options.Attributes, recursive: false, mount.Destination);
        MountCompiler.SetAttributes(plan, tree, options.RecursiveAttributes, recursive: true, mount.Destination);
        LaunchSlot target = OpenTarget(c, mount.Destination, tree, !options.KeepsTargetLink);
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

    // Whether the source is a directory the child knows: what is mounted by then may not be what lies there now.
    private static LaunchSlot OpenTarget(LaunchCompilation c, string destination, LaunchSlot tree, bool follow)
    {
        LaunchPlan plan = c.Plan;
        if (follow)
        {
            (string directory, string file) = LaunchCompilation.Split(destination);
            LaunchSlot found = plan.AddSlot();
            plan.Add(
                OperationKind.OpenTarget, new LaunchStep("mount-point", destination, null),
                [c.Root, plan.Text(destination), plan.Text(directory), plan.Text(file), c.Walk, tree], found);
            return found;
        }

        (LaunchSlot parent, nint name) = OpenParent(c, destination);
        plan.Add(
            OperationKind.MakeTarget, new LaunchStep("mount-point", destination, null), [parent, name, tree],
            tolerated: Errno.EEXIST);
        LaunchSlot target = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("open", destination, null),
            [parent, name, FileCalls.O_PATH | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC], target);
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
            throw new DocumentException("mounts", $"mounts: '{destination}' does not end with a name, and could be no link");
        return (c.OpenDirectory(parent), c.Plan.Text(name));
    }
}
