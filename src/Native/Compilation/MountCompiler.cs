using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// The document's mounts, in order. Each is made detached, given its attributes, and only then moved to its target,
/// so that no moment shows it without them. Targets are resolved inside the root.
/// </summary>
internal static class MountCompiler
{
    public static void Add(LaunchCompilation c)
    {
        for (int i = 0; c.Spec.Mounts is not null && i < c.Spec.Mounts.Count; i++)
        {
            OciMount mount = c.Spec.Mounts[i];
            if (mount.Type == "sysfs" && !NamespaceOwner.OwnsNetwork(c.Namespaces)) mount = BindSystem(mount);
            MountOptions options = MountOptions.Parse(mount.Options);
            if (options.IsBind || mount.Type == "bind") BindCompiler.Add(c, mount, options, i);
            else if (c.Options.Privileged && LayerMountCompiler.IsLayered(mount, options))
                LayerMountCompiler.Add(c, mount, options);
            else if (options.IsIdMapped || mount.UidMappings is not null)
                throw new DocumentException($"mounts[{i}]", $"mounts[{i}]: only a bind mount can map ids");
            else if (mount.Type is "cgroup" or "cgroup2") CgroupMountCompiler.Add(c, mount, options);
            else FileSystemCompiler.Add(c, mount, options);
        }
    }

    /// <summary>
    /// A sysfs shows the devices of a network namespace, and the kernel makes none without rights over that: then it is the
    /// host's, with all below, as with crun. What lies there must be a directory, as for one of our own.
    /// </summary>
    private static OciMount BindSystem(OciMount mount)
    {
        List<string> options = ["rbind", "dest-nofollow"];
        foreach (string option in mount.Options ?? [])
            options.Add(option is "ro" or "nosuid" or "nodev" or "noexec" ? "r" + option : option);
        return mount with { Type = "bind", Source = "/sys", Options = options };
    }

    /// <summary>A slot with a copy of the mount at <paramref name="path"/>, as the child sees it; in a directory, or that
    /// itself where the path is empty.</summary>
    public static LaunchSlot OpenTree(
        LaunchPlan plan, string path, bool recursive, bool follow = true, LaunchSlot? directory = null)
    {
        LaunchSlot slot = plan.AddSlot();
        uint flags = Mount.OPEN_TREE_CLONE | Mount.OPEN_TREE_CLOEXEC | (recursive ? (uint)FileCalls.AT_RECURSIVE : 0)
            | (follow ? 0 : (uint)FileCalls.AT_SYMLINK_NOFOLLOW) | (path.Length > 0 ? 0 : (uint)FileCalls.AT_EMPTY_PATH);
        LaunchStep step = new("open_tree", directory is null ? path : "rootfs/" + path, directory is null ? LaunchStep.OfHost : null);
        LaunchArgument start = directory is { } below ? below : FileCalls.AT_FDCWD;
        plan.Call(SystemCallNumber.open_tree, step, [start, plan.Text(path), flags], slot);
        return slot;
    }

    public static unsafe void SetAttributes(
        LaunchPlan plan, LaunchSlot mount, Mount.Attributes attributes, bool recursive, string subject)
    {
        if ((attributes.Set | attributes.Clear | attributes.Propagation) == 0) return;
        nint data = plan.Data<Mount.Attributes>(new ReadOnlySpan<Mount.Attributes>(in attributes));
        plan.Call(
            SystemCallNumber.mount_setattr, new LaunchStep("mount_setattr", subject, Describe(attributes)),
            [mount, plan.Text(""), FileCalls.AT_EMPTY_PATH | (recursive ? FileCalls.AT_RECURSIVE : 0), data,
                sizeof(Mount.Attributes)]);
    }

    /// <summary>Attaches <paramref name="mount"/> at <paramref name="target"/>, which is closed.</summary>
    public static void Move(LaunchPlan plan, LaunchSlot mount, LaunchSlot target, LaunchStep step)
    {
        nint empty = plan.Text("");
        plan.Call(
            SystemCallNumber.move_mount, step,
            [mount, empty, target, empty, Mount.MOVE_MOUNT_F_EMPTY_PATH | Mount.MOVE_MOUNT_T_EMPTY_PATH]);
        plan.Close(target);
    }

    /// <summary>A slot with a new file system of <paramref name="type"/>, not attached anywhere yet.</summary>
    public static LaunchSlot Create(
        LaunchPlan plan, string type, string? source, MountOptions options, string destination)
    {
        LaunchSlot context = plan.AddSlot();
        LaunchSlot mount = plan.AddSlot();
        plan.Call(
            SystemCallNumber.fsopen, new LaunchStep("fsopen", destination, type),
            [plan.Text(type), Mount.FSOPEN_CLOEXEC], context);
        Configure(plan, context, "source", string.IsNullOrEmpty(source) ? type : source, destination);
        foreach ((string key, string? value) in options.Parameters)
        {
            Configure(plan, context, key, value, destination);
        }

        // A device that cannot be written to mounts only as a read-only file system, not just as a read-only mount.
        if (source is ['/', ..] && (options.Attributes.Set & Mount.MOUNT_ATTR_RDONLY) != 0)
            Configure(plan, context, "ro", null, destination);

        plan.Call(
            SystemCallNumber.fsconfig, new LaunchStep("mount", destination, type),
            [context, Mount.FSCONFIG_CMD_CREATE, 0, 0, 0]);
        ulong attributes = options.Attributes.Set;
        plan.Call(
            SystemCallNumber.fsmount,
            new LaunchStep("fsmount", destination, Describe(options.Attributes)),
            [context, Mount.FSMOUNT_CLOEXEC, (nint)attributes], mount);
        plan.Close(context);
        return mount;
    }

    private static void Configure(LaunchPlan plan, LaunchSlot context, string key, string? value, string destination)
    {
        string text = value is null ? key : $"{key}={value}";
        plan.Call(
            SystemCallNumber.fsconfig, new LaunchStep("fsconfig", destination, text),
            value is null
                ? [context, Mount.FSCONFIG_SET_FLAG, plan.Text(key), 0, 0]
                : [context, Mount.FSCONFIG_SET_STRING, plan.Text(key), plan.Text(value), 0]);
    }

    public static void SetPropagation(LaunchPlan plan, LaunchSlot mount, MountOptions options, string destination) =>
        SetAttributes(
            plan, mount, new Mount.Attributes { Propagation = options.Propagation },
            options.PropagatesRecursively, destination);

    private static string Describe(Mount.Attributes attributes)
    {
        List<string> words = [];
        Word(attributes.Set, Mount.MOUNT_ATTR_RDONLY, "ro");
        Word(attributes.Set, Mount.MOUNT_ATTR_NOSUID, "nosuid");
        Word(attributes.Set, Mount.MOUNT_ATTR_NODEV, "nodev");
        Word(attributes.Set, Mount.MOUNT_ATTR_NOEXEC, "noexec");
        Word(attributes.Propagation, Mount.MS_SHARED, "shared");
        Word(attributes.Propagation, Mount.MS_SLAVE, "slave");
        Word(attributes.Propagation, Mount.MS_PRIVATE, "private");
        Word(attributes.Propagation, Mount.MS_UNBINDABLE, "unbindable");
        return string.Join(',', words);

        void Word(ulong value, ulong flag, string word)
        {
            if ((value & flag) != 0) words.Add(word);
        }
    }
}
