using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// The nodes and links every container finds in /dev (runtime-spec, config-linux.md, Default Devices), and those of
/// the document. In a user namespace nodes cannot be made, so others are bound over empty files: the host's, or for the
/// document's devices nodes that root of the host makes, with the owner and mode the document wants.
/// </summary>
internal static class DeviceCompiler
{
    private const uint DefaultMode = 0x1B6;

    private static readonly OciDevice[] Defaults =
    [
        new() { Path = "/dev/null", Type = "c", Major = 1, Minor = 3 },
        new() { Path = "/dev/zero", Type = "c", Major = 1, Minor = 5 },
        new() { Path = "/dev/full", Type = "c", Major = 1, Minor = 7 },
        new() { Path = "/dev/random", Type = "c", Major = 1, Minor = 8 },
        new() { Path = "/dev/urandom", Type = "c", Major = 1, Minor = 9 },
        new() { Path = "/dev/tty", Type = "c", Major = 5, Minor = 0 },
    ];

    private static readonly (string Target, string Name)[] Links =
    [
        ("/proc/self/fd", "fd"),
        ("/proc/self/fd/0", "stdin"),
        ("/proc/self/fd/1", "stdout"),
        ("/proc/self/fd/2", "stderr"),
        ("pts/ptmx", "ptmx"),
    ];

    public static void Add(LaunchCompilation c)
    {
        // With the host's /dev in the container there is nothing to make, and nothing of it may be changed.
        if (BindsDev(c.Spec.Mounts)) return;

        IReadOnlyList<OciDevice> devices = c.Linux.Devices ?? [];
        bool binds = c.Namespaces.Has(CloneArguments.CLONE_NEWUSER) || !UserNamespace.IsInitial;
        LaunchSlot directory = c.OpenDirectory("/dev");
        foreach (OciDevice device in Defaults)
        {
            if (!Contains(devices, device.Path)) Add(c, device, directory, binds, null);
        }

        using DeviceNodes? nodes = binds && c.Options.Privileged && devices.Count > 0 ? new DeviceNodes() : null;
        foreach (OciDevice device in devices)
        {
            Add(c, device, directory, binds, nodes);
        }

        foreach ((string target, string name) in Links)
        {
            c.Plan.Call(
                SystemCallNumber.symlinkat, new LaunchStep("symlink", $"/dev/{name}", $"to {target}"),
                [c.Plan.Text(target), directory, c.Plan.Text(name)], tolerated: Errno.EEXIST);
        }

        c.Plan.Close(directory);
    }

    private static void Add(LaunchCompilation c, OciDevice device, LaunchSlot dev, bool binds, DeviceNodes? nodes)
    {
        if (binds && device.Type != "p")
        {
            Bind(c, device, nodes);
            return;
        }

        (string parent, string name) = LaunchCompilation.Split(device.Path);
        LaunchSlot directory = parent == "/dev" ? dev : c.OpenDirectory(parent);
        LaunchPlan plan = c.Plan;
        nint nameText = plan.Text(name);
        uint mode = Mode(device);
        plan.Call(
            SystemCallNumber.mknodat,
            new LaunchStep("mknod", device.Path, $"{device.Type} {device.Major}:{device.Minor}"),
            [directory, nameText, mode, (nint)FileNumbers.MakeDevice(device.Major, device.Minor)],
            tolerated: Errno.EEXIST);
        if (device.Uid is > 0 || device.Gid is > 0)
        {
            plan.Call(
                SystemCallNumber.fchownat, new LaunchStep("chown", device.Path, $"{device.Uid}:{device.Gid}"),
                [directory, nameText, device.Uid ?? 0, device.Gid ?? 0, FileCalls.AT_SYMLINK_NOFOLLOW]);
        }

        if (parent != "/dev") plan.Close(directory);
    }

    /// <summary>The type and permissions of a device's node.</summary>
    public static uint Mode(OciDevice device) => Type(device.Type) | ((device.FileMode ?? DefaultMode) & 0xFFF);

    private static void Bind(LaunchCompilation c, OciDevice device, DeviceNodes? nodes)
    {
        LaunchPlan plan = c.Plan;
        LaunchSlot source = nodes?.TryMake(device, c.Linux) is { } made
            ? plan.AddSlot(plan.Own(made))
            : MountCompiler.OpenTree(plan, HostDevice.Find(device), recursive: false);
        plan.Add(
            OperationKind.RequireDevice, new LaunchStep("verify", device.Path, $"{device.Major}:{device.Minor}"),
            [source, (nint)device.Major, (nint)device.Minor, Type(device.Type)]);

        // It is a file of the host's, as with crun.
        MountCompiler.SetAttributes(
            plan, source, new Mount.Attributes { Set = Mount.MOUNT_ATTR_NOSUID | Mount.MOUNT_ATTR_NOEXEC },
            recursive: false, device.Path);
        LaunchSlot target = c.OpenFile(device.Path);
        MountCompiler.Move(
            plan, source, target,
            new LaunchStep("move_mount", device.Path, $"the host's {device.Major}:{device.Minor}"));
        plan.Close(source);
    }

    private static bool BindsDev(IReadOnlyList<OciMount>? mounts)
    {
        for (int i = 0; mounts is not null && i < mounts.Count; i++)
        {
            if (mounts[i].Destination.TrimEnd('/') != "/dev") continue;
            if (mounts[i].Type == "bind") return true;
            for (int j = 0; mounts[i].Options is { } options && j < options.Count; j++)
            {
                if (options[j] is "bind" or "rbind") return true;
            }
        }

        return false;
    }

    private static bool Contains(IReadOnlyList<OciDevice> devices, string path)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            if (devices[i].Path == path) return true;
        }

        return false;
    }

    private static uint Type(string type) => type switch
    {
        "b" => FileCalls.S_IFBLK,
        "p" => FileCalls.S_IFIFO,
        _ => FileCalls.S_IFCHR,
    };
}
