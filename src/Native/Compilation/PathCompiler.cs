using System.Text;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Compilation;

/// <summary>Masked and read-only paths, and sysctls.</summary>
internal static class PathCompiler
{
    /// <summary>Hides what must not be read or written: runtime-spec, config-linux.md, Masked Paths.</summary>
    public static void Mask(LaunchCompilation c)
    {
        List<string> paths = Once(c.Linux.MaskedPaths);
        if (paths.Count == 0) return;

        LaunchPlan plan = c.Plan;
        LaunchSlot empty = plan.AddSlot();
        LaunchSlot nothing = plan.AddSlot();
        LaunchSlot cover = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("open", "the host's /dev/null", null),
            [FileCalls.AT_FDCWD, plan.Text("/dev/null"), FileCalls.O_PATH | FileCalls.O_CLOEXEC], nothing);
        plan.Add(
            OperationKind.RequireDevice, new LaunchStep("verify", "the host's /dev/null", "1:3"), [nothing, 1, 3, FileCalls.S_IFCHR]);
        foreach (string path in paths)
        {
            LaunchSlot target = c.Open(path, FileCalls.O_PATH, skip: 2);
            plan.Add(
                OperationKind.Mask, new LaunchStep("mask", path, null), [target, nothing, cover.Index, empty.Index]);
            plan.Close(target);
        }

        plan.Close(nothing);
    }

    /// <summary>Each path becomes a read-only mount of itself: runtime-spec, config-linux.md, Readonly Paths.</summary>
    public static unsafe void MakeReadOnly(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        nint empty = plan.Text("");
        Mount.Attributes attributes = new() { Set = Mount.MOUNT_ATTR_RDONLY };
        nint data = plan.Data<Mount.Attributes>([attributes]);
        uint flags = Mount.OPEN_TREE_CLONE | Mount.OPEN_TREE_CLOEXEC
            | FileCalls.AT_EMPTY_PATH | FileCalls.AT_RECURSIVE;
        foreach (string path in Once(c.Linux.ReadonlyPaths))
        {
            LaunchSlot target = c.Open(path, FileCalls.O_PATH, skip: 5);
            LaunchSlot copy = plan.AddSlot();
            plan.Call(
                SystemCallNumber.open_tree, new LaunchStep("open_tree", path, null), [target, empty, flags], copy);
            plan.Call(
                SystemCallNumber.mount_setattr, new LaunchStep("mount_setattr", path, "ro"),
                [copy, empty, FileCalls.AT_EMPTY_PATH | FileCalls.AT_RECURSIVE, data, sizeof(Mount.Attributes)]);
            MountCompiler.Move(plan, copy, target, new LaunchStep("move_mount", path, "read-only"));
            plan.Close(copy);
        }
    }

    // A second mount on the first would hide nothing more.
    private static List<string> Once(IReadOnlyList<string>? paths)
    {
        List<string> once = [];
        HashSet<string> seen = [];
        foreach (string path in paths ?? [])
        {
            if (seen.Add(string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries)))) once.Add(path);
        }

        return once;
    }

    /// <summary>
    /// Kernel parameters are written through a procfs that was just made, whose tree nobody else can have changed
    /// (CVE-2025-52881), and never through a link.
    /// </summary>
    public static unsafe void SetSysctls(LaunchCompilation c)
    {
        if (c.Linux.Sysctl is not { Count: > 0 } sysctls) return;

        LaunchPlan plan = c.Plan;
        LaunchSlot proc = c.Proc
            ?? MountCompiler.Create(plan, "proc", null, MountOptions.Parse(null), "proc for sysctls");
        open_how how = new() { flags = FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, resolve = OpenHow.BeneathWithoutLinks };
        nint howData = plan.Data<open_how>([how]);
        foreach ((string name, string value) in sysctls)
        {
            LaunchSlot file = plan.AddSlot();
            byte[] text = Encoding.UTF8.GetBytes(value);
            plan.Call(
                SystemCallNumber.openat2, new LaunchStep("open", $"sysctl {name}", null),
                [proc, plan.Text("sys/" + FileName(name)), howData, sizeof(open_how)], file);
            plan.Call(
                SystemCallNumber.write, new LaunchStep("sysctl", name, value), [file, plan.Data<byte>(text), text.Length]);
            plan.Close(file);
        }
    }

    /// <summary>
    /// <c>net.ipv4.ip_forward</c> and <c>net/ipv4/ip_forward</c> are the same; where a slash comes first, a dot is
    /// part of a name, as in <c>net/ipv4/conf/eth0.1/forwarding</c> (sysctl(8)).
    /// </summary>
    private static string FileName(string name)
    {
        int separator = name.AsSpan().IndexOfAny('.', '/');
        if (separator < 0 || name[separator] == '/') return name;
        return string.Create(name.Length, name, static (path, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                path[i] = source[i] switch { '.' => '/', '/' => '.', char other => other };
            }
        });
    }
}
