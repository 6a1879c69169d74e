using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Mounts of new file systems.</summary>
internal static class FileSystemCompiler
{
    // What fsconfig(2) takes as one value; mount(2) takes a page for all.
    private const int LongestValue = 255;

    public static void Add(LaunchCompilation c, OciMount mount, MountOptions options)
    {
        LaunchPlan plan = c.Plan;
        string type = mount.Type ?? "none";

        // A read-only /dev still gets its devices, and what is mounted below it.
        bool readOnlyLater = type == "tmpfs" && (options.Attributes.Set & Mount.MOUNT_ATTR_RDONLY) != 0;
        if (readOnlyLater) options = MountOptions.Parse(new List<string>(mount.Options!).FindAll(static o => o != "ro"));
        options = LabelCompiler.AddContext(c, type, options);
        LaunchSlot? covered = type == "tmpfs" && !HasMode(options) ? OpenCovered(c, mount.Destination) : null;
        LaunchSlot target = OpenTarget(c, mount.Destination, strict: type is "proc" or "sysfs");
        if (type != "proc") ProcTargets.Refuse(c, target, mount.Destination);
        LaunchSlot created = IsTooLong(options)
            ? MountByPath(c, mount, type, options, target)
            : MountDetached(c, mount, type, options, target, covered);
        MountCompiler.SetAttributes(plan, created, options.RecursiveAttributes, recursive: true, mount.Destination);
        MountCompiler.SetPropagation(plan, created, options, mount.Destination);
        if (type == "proc") c.Proc = created;
        else if (type == "devpts") c.Terminals = created;
        else if (readOnlyLater) c.ReadOnlyLater.Add((created, mount.Destination));
        else plan.Close(created);
    }

    /// <summary>Makes read-only what waited for it.</summary>
    public static void MakeReadOnly(LaunchCompilation c)
    {
        foreach ((LaunchSlot created, string destination) in c.ReadOnlyLater)
        {
            MountCompiler.SetAttributes(
                c.Plan, created, new Mount.Attributes { Set = Mount.MOUNT_ATTR_RDONLY }, recursive: false, destination);
            c.Plan.Close(created);
        }
    }

    private static LaunchSlot MountDetached(
        LaunchCompilation c,
        OciMount mount,
        string type,
        MountOptions options,
        LaunchSlot target,
        LaunchSlot? covered)
    {
        LaunchPlan plan = c.Plan;
        bool copies = options.CopiesUp && type == "tmpfs";

        // Attributes come after the copy: one may be "ro".
        MountOptions first = copies ? MountOptions.Parse(null).WithParameters(options.Parameters) : options;
        LaunchSlot created = MountCompiler.Create(plan, type, mount.Source, first, mount.Destination);
        if (covered is { } directory)
        {
            plan.Add(
                OperationKind.CopyMode, new LaunchStep("chmod", mount.Destination, "as what it covers"),
                [directory, created]);
            plan.Call(
                SystemCallNumber.close, new LaunchStep("close", null, null), [directory], tolerated: Errno.EBADF);
        }

        if (copies)
        {
            plan.Add(OperationKind.CopyUp, new LaunchStep("copy-up", mount.Destination, null), [target, created]);
            MountCompiler.SetAttributes(plan, created, options.Attributes, recursive: false, mount.Destination);
        }

        MountCompiler.Move(plan, created, target, new LaunchStep("move_mount", mount.Destination, type));
        return created;
    }

    /// <summary>
    /// For values that fsconfig(2) cannot take, such as the layers of an overlay: mount(2) on the target as working
    /// directory, which is not looked up again. The attributes follow; in this namespace nobody sees it without.
    /// </summary>
    private static LaunchSlot MountByPath(
        LaunchCompilation c, OciMount mount, string type, MountOptions options, LaunchSlot target)
    {
        LaunchPlan plan = c.Plan;
        List<string> data = [];
        foreach ((string key, string? value) in options.Parameters) data.Add(value is null ? key : $"{key}={value}");
        plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", mount.Destination, null), [target]);
        plan.Call(
            SystemCallNumber.mount, new LaunchStep("mount", mount.Destination, type),
            [plan.Text(mount.Source ?? type), plan.Text("."), plan.Text(type), 0, plan.Text(string.Join(',', data))]);
        plan.Close(target);
        LaunchSlot mounted = c.Open(mount.Destination, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        MountCompiler.SetAttributes(plan, mounted, options.Attributes, recursive: false, mount.Destination);
        return mounted;
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
        LaunchSlot slot = c.Plan.AddSlot();
        c.Plan.Add(
            OperationKind.OpenInRoot, new LaunchStep("open", destination, "must be mounted on ordinary directory"),
            [c.Root, c.Plan.Text(destination), FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC,
                0, c.Walk],
            slot);
        return slot;
    }

    // A tmpfs without a mode gets that of the directory it covers, as with runc and crun: /tmp stays 1777, /root 0700.
    // Where there is none, the slot stays empty and the kernel's default holds.
    private static LaunchSlot OpenCovered(LaunchCompilation c, string destination)
    {
        LaunchSlot slot = c.Plan.AddSlot();
        c.Plan.Add(
            OperationKind.OpenInRoot, new LaunchStep("open", destination, null),
            [c.Root, c.Plan.Text(destination), FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC, 0, c.Walk], slot,
            Errno.ENOENT);
        return slot;
    }

    private static bool HasMode(MountOptions options)
    {
        foreach ((string key, _) in options.Parameters)
        {
            if (key == "mode") return true;
        }

        return false;
    }

    private static bool IsTooLong(MountOptions options)
    {
        foreach ((_, string? value) in options.Parameters)
        {
            if (value?.Length > LongestValue / 3 && Utf8.Terminated(value).Length - 1 > LongestValue) return true;
        }

        return false;
    }
}
