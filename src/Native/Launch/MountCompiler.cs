using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

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
            MountOptions options = MountOptions.Parse(mount.Options);
            if (options.IsBind || mount.Type == "bind") AddBind(c, mount, options);
            else if (mount.Type is "cgroup" or "cgroup2") CgroupMountCompiler.Add(c, mount, options);
            else AddFileSystem(c, mount, options);
        }
    }

    /// <summary>A slot with a copy of the mount at <paramref name="path"/>, as the child sees it.</summary>
    public static LaunchSlot OpenTree(LaunchPlan plan, string path, bool recursive)
    {
        LaunchSlot slot = plan.AddSlot();
        uint flags = Mount.OPEN_TREE_CLONE | Mount.OPEN_TREE_CLOEXEC | (recursive ? (uint)Files.AT_RECURSIVE : 0);
        plan.Call(
            SystemCallNumber.open_tree, new LaunchStep("open_tree", path, null),
            [Files.AT_FDCWD, plan.Text(path), flags], slot);
        return slot;
    }

    public static unsafe void SetAttributes(
        LaunchPlan plan, LaunchSlot mount, Mount.Attributes attributes, bool recursive, string subject)
    {
        if ((attributes.Set | attributes.Clear | attributes.Propagation) == 0) return;
        nint data = plan.Data<Mount.Attributes>(new ReadOnlySpan<Mount.Attributes>(in attributes));
        plan.Call(
            SystemCallNumber.mount_setattr, new LaunchStep("mount_setattr", subject, Describe(attributes)),
            [mount, plan.Text(""), Files.AT_EMPTY_PATH | (recursive ? Files.AT_RECURSIVE : 0), data,
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

    private static void AddFileSystem(LaunchCompilation c, OciMount mount, MountOptions options)
    {
        LaunchPlan plan = c.Plan;
        string type = mount.Type ?? "none";
        LaunchSlot target = OpenTarget(c, mount.Destination, strict: type is "proc" or "sysfs");
        if (type != "proc") ProcTargets.Refuse(c, target, mount.Destination);
        LaunchSlot created = Create(plan, type, mount.Source, options, mount.Destination);
        Move(plan, created, target, new LaunchStep("move_mount", mount.Destination, type));
        SetPropagation(plan, created, options, mount.Destination);
        if (type == "proc") c.Proc = created;
        else if (type == "devpts") c.Terminals = created;
        else plan.Close(created);
    }

    /// <summary>
    /// /proc and /sys must be directories of the root itself: through a link in the image they would land elsewhere
    /// and leave a forged /proc in their place (CVE-2019-19921, CVE-2023-27561).
    /// </summary>
    private static LaunchSlot OpenTarget(LaunchCompilation c, string destination, bool strict)
    {
        LaunchSlot directory = c.OpenDirectory(destination);
        if (!strict) return directory;
        c.Plan.Close(directory);
        return c.Open(destination, Files.O_PATH | Files.O_DIRECTORY | Files.O_NOFOLLOW);
    }

    private static void AddBind(LaunchCompilation c, OciMount mount, MountOptions options)
    {
        LaunchPlan plan = c.Plan;
        string source = Path.Combine(c.Options.Bundle, mount.Source ?? "");
        bool recursive = options.IsRecursiveBind || (!options.IsBind && mount.Type == "bind");
        ProcTargets.CheckBind(mount.Destination, source);
        LaunchSlot tree = c.Options.Privileged ? CloneTree(c, source, recursive, options) : OpenTree(plan, source, recursive);
        SetAttributes(plan, tree, options.Attributes, recursive: false, mount.Destination);
        SetAttributes(plan, tree, options.RecursiveAttributes, recursive: true, mount.Destination);
        LaunchSlot target = Files.IsDirectory(source)
            ? c.OpenDirectory(mount.Destination)
            : c.OpenFile(mount.Destination);
        ProcTargets.Refuse(c, target, mount.Destination);
        Move(plan, tree, target, new LaunchStep("move_mount", mount.Destination, $"bind {source}"));

        // A bind stays private unless asked: what is mounted inside must not appear on the host.
        MountOptions propagation = options.Propagation == 0 ? MountOptions.Parse(["rprivate"]) : options;
        SetPropagation(plan, tree, propagation, mount.Destination);
        plan.Close(tree);
    }

    private static LaunchSlot CloneTree(LaunchCompilation c, string source, bool recursive, MountOptions options)
    {
        FileDescriptor mount = DetachedMount.Clone(source, recursive);
        int number = c.Plan.Own(mount);

        // Before it is attached, and when the user namespace has its maps: the parent does it while the child waits.
        if (options.IsIdMapped) c.MappedBinds.Add((mount, options.IsRecursiveIdMap, source));
        return c.Plan.AddSlot(number);
    }

    private static void SetPropagation(LaunchPlan plan, LaunchSlot mount, MountOptions options, string destination) =>
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
