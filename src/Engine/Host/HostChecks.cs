using System.Globalization;
using System.Runtime.InteropServices;
using Container.Engine.Cgroups;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Engine.Host;

/// <summary>The list of checks, each of which looks at one thing only.</summary>
internal static class HostChecks
{
    // What a limit of the create set needs.
    private static readonly string[] Controllers = ["cpu", "cpuset", "memory", "pids", "io"];

    private static readonly (string File, string Name)[] Namespaces =
    [
        ("user", "UserNamespace"), ("pid", "PidNamespace"), ("mnt", "MountNamespace"), ("net", "NetworkNamespace"),
        ("ipc", "IpcNamespace"), ("uts", "UtsNamespace"), ("cgroup", "CgroupNamespace"),
    ];

    public static IReadOnlyList<HostCheck> Run(EnginePaths paths) =>
    [
        Privileges(),
        Kernel(),
        .. Namespaces.Select(entry => Namespace(entry.File, entry.Name)),
        UserNamespaceLimit(),
        FileSystem("overlay", "Overlay"),
        Environment.IsPrivilegedProcess ? IdMappedLayers() : Unshare(paths),
        Seccomp(),
        AsynchronousIo(),
        Library("libzstd.so.1", "LibZstd", "libzstd1", required: false),
        Cgroups(),
        .. Controllers.Select(Controller),
        Environment.IsPrivilegedProcess ? SubordinateRange() : OwnRange(),
        Runtime(paths),
        Directory("StateRoot", paths.StateRoot),
        Directory("RunRoot", paths.RunRoot),
    ];

    private static HostCheck Privileges() => Check(
        "Privileges", passed: true, required: true,
        Environment.IsPrivilegedProcess ? "root" : $"user {Environment.UserName}", "");

    // clone3 with CLONE_INTO_CGROUP is of 5.7, openat2 of 5.6, mount_setattr of 5.12.
    private static HostCheck Kernel() => Check(
        "Kernel", HostFacts.KernelVersion.CompareTo((5, 12)) >= 0, required: true,
        $"Linux {HostFacts.KernelRelease}", "Use Linux 5.12 or later.");

    private static HostCheck Namespace(string file, string name)
    {
        string path = $"/proc/self/ns/{file}";
        bool there = File.Exists(path);
        return Check(
            name, there, required: true, there ? path : $"{path} is missing",
            "Use a kernel with this kind of namespace.");
    }

    private static HostCheck UserNamespaceLimit()
    {
        const string path = "/proc/sys/user/max_user_namespaces";
        string text = File.Exists(path) ? File.ReadAllText(path).Trim() : "0";
        bool enough = long.TryParse(text, CultureInfo.InvariantCulture, out long limit) && limit > 0;
        return Check(
            "UserNamespaceLimit", enough, required: false, $"user.max_user_namespaces is {text}",
            "sysctl -w user.max_user_namespaces=15000");
    }

    private static HostCheck FileSystem(string type, string name)
    {
        bool there = File.ReadLines("/proc/filesystems").Any(line => line.Split('\t')[^1] == type);
        return Check(
            name, there, required: true,
            there ? $"{type} is known to the kernel" : $"{type} is not in /proc/filesystems",
            $"modprobe {type}");
    }

    // Overlay on idmapped layers is of 5.19.
    private static HostCheck IdMappedLayers() => Check(
        "IdMappedLayers", HostFacts.KernelVersion.CompareTo((5, 19)) >= 0, required: false,
        $"Linux {HostFacts.KernelRelease}", "Use Linux 5.19 or later, or containers with -UserNamespace Host.");

    private static HostCheck Seccomp()
    {
        const string path = "/proc/sys/kernel/seccomp/actions_avail";
        bool there = File.Exists(path);
        return Check(
            "Seccomp", there, required: true, there ? File.ReadAllText(path).Trim() : $"{path} is missing",
            "Use a kernel with CONFIG_SECCOMP_FILTER.");
    }

    // What no namespace and no control group bounds; where it is used up, programs on the host get EAGAIN.
    private static HostCheck AsynchronousIo()
    {
        const string path = "/proc/sys/fs/aio-max-nr";
        return File.Exists(path)
            ? Check(
                "AsynchronousIoLimit", passed: false, required: false,
                $"fs.aio-max-nr is {File.ReadAllText(path).Trim()} for the whole machine: one container can use all of it",
                "Raise it (sysctl -w fs.aio-max-nr=1048576), or use a seccomp profile without io_setup for containers that "
                + "are not trusted.")
            : Check("AsynchronousIoLimit", passed: true, required: false, "the kernel has none", "");
    }

    private static HostCheck Library(string file, string name, string package, bool required)
    {
        bool there = NativeLibrary.TryLoad(file, out nint handle);
        if (there) NativeLibrary.Free(handle);
        return Check(name, there, required, there ? file : $"{file} cannot be loaded", $"apt-get install {package}");
    }

    private static HostCheck Cgroups() => Check(
        "Cgroups", CgroupHost.Mode != "none", required: true, CgroupHost.Mode, "Mount cgroup2 on /sys/fs/cgroup.");

    private static HostCheck Controller(string name)
    {
        // Version 1 calls it by its old name.
        IReadOnlyList<string> controllers = CgroupHost.Current.GetControllers();
        bool there = controllers.Contains(name) || (name == "io" && controllers.Contains("blkio"));
        bool delegated = CgroupAccess.CanLimit(name);
        string title = "Cgroup" + char.ToUpperInvariant(name[0]) + name[1..];
        return Check(
            title, there && delegated, required: false,
            !there ? $"no hierarchy has the controller {name}" : delegated ? "available" : "not delegated to this user",
            there ? "See docs/rootless.md." : $"Enable the controller {name} of the control groups.");
    }

    private static HostCheck SubordinateRange()
    {
        uint ranges = SubordinateIds.Read().RangeCount;
        return Check(
            "SubordinateIds", ranges > 0, required: true, $"{ranges} ranges of {IdRangeAllocator.Size} ids",
            "Give the user 'containers' a range of 65536 ids or more in /etc/subuid and /etc/subgid.");
    }

    private static HostCheck OwnRange() => Check(
        "SubordinateIds", UserIds.Current!.HasRange, required: false,
        UserIds.Current.Missing ?? $"users {UserIds.Text(UserIds.Current.Users)}",
        "Install newuidmap, and have root run 'usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER'.");

    // Whether the kernel and the distribution let this user make the namespace that containers are in.
    private static HostCheck Unshare(EnginePaths paths)
    {
        string? failure = null;
        try
        {
            MonitorProcess.Run(paths, MonitorProcess.Inside(["--version"]));
        }
        catch (EngineException exception)
        {
            failure = exception.Message;
        }

        return Check(
            "UserNamespaceOfUser", failure is null, required: true, failure ?? "can be made",
            "See user.max_user_namespaces, kernel.unprivileged_userns_clone and "
            + "kernel.apparmor_restrict_unprivileged_userns (sysctl).");
    }

    private static HostCheck Runtime(EnginePaths paths)
    {
        string? version = HostFacts.ReadRuntimeVersion(paths);
        return Check(
            "Runtime", version is not null, required: true,
            version is null ? $"{paths.RuntimePath} does not answer" : $"{paths.RuntimePath} {version}",
            "Build the module with ./build.sh, or set PSCONTAINER_RUNTIME to the psrun executable.");
    }

    // Looked at only: a test makes no directory.
    private static HostCheck Directory(string name, string path)
    {
        string existing = path;
        while (!System.IO.Directory.Exists(existing)) existing = Path.GetDirectoryName(existing) ?? "/";
        bool writable = Access.CanWrite(existing);
        return Check(
            name, writable, required: true, path,
            "Set PSCONTAINER_STATE_ROOT and PSCONTAINER_RUN_ROOT to directories you can write to.");
    }

    private static HostCheck Check(string name, bool passed, bool required, string detail, string action) => new()
    {
        Name = name,
        Passed = passed,
        Required = required,
        Detail = detail,
        RecommendedAction = passed ? null : action,
    };
}
