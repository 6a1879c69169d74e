using Container.Native.Cgroups.Hierarchies;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// /sys/fs/cgroup: on v2 one mount; on v1 and hybrid hosts a tmpfs with a mount for each hierarchy, as on the host
/// (cgroups(7)). In a cgroup namespace a new mount shows the container's own cgroup as the root; without one, that
/// cgroup is bound.
/// </summary>
internal static class CgroupMountCompiler
{
    public static void Add(LaunchCompilation c, OciMount mount, MountOptions options)
    {
        CgroupHost host = CgroupHost.Current;
        LaunchPlan plan = c.Plan;
        LaunchSlot target = c.OpenDirectory(mount.Destination);
        if (host.Hierarchies.Count == 0)
        {
            LaunchSlot unified = Open(c, host.UnifiedMount, "cgroup2", null, options, mount.Destination);
            MountCompiler.Move(plan, unified, target, new LaunchStep("move_mount", mount.Destination, "cgroup2"));
            plan.Close(unified);
            return;
        }

        AddHierarchies(c, host, mount, options, target);
    }

    private static void AddHierarchies(
        LaunchCompilation c, CgroupHost host, OciMount mount, MountOptions options, LaunchSlot target)
    {
        LaunchPlan plan = c.Plan;
        LaunchSlot top = MountCompiler.Create(
            plan, "tmpfs", "tmpfs", MountOptions.Parse(["nosuid", "nodev", "noexec", "mode=755"]), mount.Destination);
        LaunchStep move = new("move_mount", mount.Destination, "tmpfs");
        if (!c.SharesMounts) MountCompiler.Move(plan, top, target, move);
        foreach (CgroupHierarchy hierarchy in host.Hierarchies)
        {
            string name = Path.GetFileName(hierarchy.MountPoint);
            Add(c, top, hierarchy.MountPoint, "cgroup", hierarchy.Controllers, options, mount.Destination);
            foreach (string controller in hierarchy.Controllers)
            {
                if (controller == name || controller.StartsWith("name=", StringComparison.Ordinal)) continue;
                plan.Call(
                    SystemCallNumber.symlinkat, new LaunchStep("symlink", $"{mount.Destination}/{controller}", name),
                    [plan.Text(name), top, plan.Text(controller)]);
            }
        }

        if (host.UnifiedMount is { } unified)
        {
            Add(c, top, unified, "cgroup2", null, options, mount.Destination);
        }

        if ((options.Attributes.Set & Mount.MOUNT_ATTR_RDONLY) != 0)
        {
            MountCompiler.SetAttributes(
                plan, top, new Mount.Attributes { Set = Mount.MOUNT_ATTR_RDONLY }, recursive: false, mount.Destination);
        }

        if (c.SharesMounts) MountCompiler.Move(plan, top, target, move);
        plan.Close(top);
    }

    private static void Add(
        LaunchCompilation c,
        LaunchSlot top,
        string place,
        string type,
        IReadOnlyList<string>? controllers,
        MountOptions options,
        string destination)
    {
        LaunchPlan plan = c.Plan;
        string name = Path.GetFileName(place);
        string subject = $"{destination}/{name}";
        nint text = plan.Text(name);
        plan.Call(SystemCallNumber.mkdirat, new LaunchStep("mkdir", subject, null), [top, text, 0x1ED]);
        LaunchSlot mount = Open(c, place, type, controllers, options, subject);
        plan.Call(
            SystemCallNumber.move_mount, new LaunchStep("move_mount", subject, type),
            [mount, plan.Text(""), top, text, Mount.MOVE_MOUNT_F_EMPTY_PATH]);
        plan.Close(mount);
    }

    private static LaunchSlot Open(
        LaunchCompilation c,
        string? place,
        string type,
        IReadOnlyList<string>? controllers,
        MountOptions options,
        string subject)
    {
        MountOptions own = options.WithParameters(Parameters(controllers));
        if (c.Namespaces.Has(CloneArguments.CLONE_NEWCGROUP))
            return MountCompiler.Create(c.Plan, type, "cgroup", own, subject);

        bool isThere = c.Options.Cgroup is not { IsMadeLater: true };
        string path = isThere
            ? OwnDirectory(c, controllers) ?? $"{place}{CgroupHost.OwnPath(First(controllers))}"
            : $"{place}/{Resolve(c, controllers)}";
        LaunchSlot tree = isThere && c.Options.Privileged
            ? c.Plan.AddSlot(c.Plan.Own(DetachedMount.Clone(path, recursive: true)))
            : MountCompiler.OpenTree(c.Plan, path, recursive: true);
        MountCompiler.SetAttributes(c.Plan, tree, options.Attributes, recursive: false, subject);
        return tree;
    }

    private static string Resolve(LaunchCompilation c, IReadOnlyList<string>? controllers) =>
        CgroupPath.Resolve(c.Options.Cgroup!.Path, First(controllers));

    // Null where none could be made: there the container stays in its caller's.
    private static string? OwnDirectory(LaunchCompilation c, IReadOnlyList<string>? controllers) =>
        c.Options.Cgroup is { Exists: true } cgroup ? cgroup.Paths.GetValueOrDefault(First(controllers)) : null;

    private static string First(IReadOnlyList<string>? controllers) => controllers is null ? "" : controllers[0];

    private static List<(string Key, string? Value)> Parameters(IReadOnlyList<string>? controllers)
    {
        List<(string Key, string? Value)> parameters = [];
        foreach (string controller in controllers ?? [])
        {
            bool named = controller.StartsWith("name=", StringComparison.Ordinal);
            if (named) parameters.Add(("none", null));
            parameters.Add(named ? ("name", controller[5..]) : (controller, null));
        }

        return parameters;
    }
}
