using Container.Native.IdMapping;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Overlays of layers that show files under the container's ids, like its root: only the parent can make them.
/// </summary>
internal static class LayerMountCompiler
{
    /// <summary>Whether the mount is an overlay of layers to map: options <c>idmap</c> and <c>lowerdir+</c>.</summary>
    public static bool IsLayered(OciMount mount, MountOptions options) =>
        mount.Type == "overlay" && options.IsIdMapped && Values(options, "lowerdir+").Count > 0;

    public static void Add(LaunchCompilation c, OciMount mount, MountOptions options)
    {
        LaunchPlan plan = c.Plan;
        LaunchSlot tree = plan.AddSlot(plan.Own(CreateOverlay(c, options)));
        MountCompiler.SetAttributes(plan, tree, options.Attributes, recursive: false, mount.Destination);
        LaunchSlot target = c.OpenDirectory(mount.Destination);
        ProcTargets.Refuse(c, target, mount.Destination);
        MountCompiler.Move(plan, tree, target, new LaunchStep("move_mount", mount.Destination, "overlay"));
        plan.Close(tree);
    }

    // One layer that takes no changes is bound.
    private static FileDescriptor CreateOverlay(LaunchCompilation c, MountOptions options)
    {
        IReadOnlyList<string> lower = OverlayMount.Distinct(Values(options, "lowerdir+"));
        List<string> changes = Values(options, "upperdir");
        string? upper = changes.Count > 0 ? Path.GetDirectoryName(changes[0]) : null;
        IReadOnlyList<OciIdMapping>? uids = c.Linux.UidMappings;
        IReadOnlyList<OciIdMapping>? gids = c.Linux.GidMappings;

        // A user's layers have the ids of the user's namespace already, and nobody but the host's root could map them.
        bool mapped = UserNamespace.IsInitial && uids is { Count: > 0 } && gids is { Count: > 0 } && IdMaps.Shifts(c.Linux);
        using FileDescriptor? map = mapped ? IdMapNamespace.Create(uids!, gids!) : null;
        if (lower.Count > 1 || upper is not null)
        {
            return OverlayMount.Create(
                lower, upper, map, mapLower: true, IdMaps.HostId(uids, 0), IdMaps.HostId(gids, 0));
        }

        FileDescriptor mount = DetachedMount.Clone(lower[0], recursive: false);
        if (map is not null) DetachedMount.MapIds(mount, map, recursive: false, lower[0]);
        return mount;
    }

    private static List<string> Values(MountOptions options, string key)
    {
        List<string> values = [];
        foreach ((string name, string? value) in options.Parameters)
        {
            if (name == key) values.Add(value ?? "");
        }

        return values;
    }
}
