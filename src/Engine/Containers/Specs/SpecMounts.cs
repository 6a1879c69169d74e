using System.Globalization;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The mounts, in the order they are made: the kernel's filesystems, the container's own files, then what the user
/// asks for, so that a mount of the user's may lie on any of them.
/// </summary>
internal static class SpecMounts
{
    private const long DefaultShmSize = 64 * 1024 * 1024;

    // Like docker: these would hide what masked and read-only paths rely on (CVE-2019-16884).
    private static readonly string[] Reserved = ["/proc", "/sys", "/dev", "/dev/pts"];

    public static IReadOnlyList<OciMount> Build(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        List<OciMount> mounts =
        [
            Proc(input),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "devpts", TerminalOptions(input)),
            SharedMemory(configuration),
            Queues(configuration),
            .. System(input),
        ];

        if (input.Image.IsHost && configuration.RootFsPath is null)
        {
            mounts.AddRange(input.HostRoot.Select(mount => SpecFileMounts.Build(input, mount)));
            mounts.AddRange(HostImage());
        }

        mounts.AddRange(SystemContainer.Mounts(input, mounts));
        mounts.AddRange(SpecDevices.Mounts(input));
        if (!configuration.NoHostsFile) mounts.AddRange(SpecHostFiles.Mounts(input));
        mounts.AddRange(SpecSecrets.Mounts(input));
        foreach (ContainerMount mount in configuration.Mount ?? [])
        {
            mounts.Add(User(input, mount.Checked()));
        }

        return mounts;
    }

    /// <summary>A bind that passes mounts on to the host or takes them needs a root that is not private.</summary>
    public static string? Propagation(ContainerConfiguration configuration)
    {
        IEnumerable<string> options = configuration.Mount?.SelectMany(mount => mount.Option ?? []) ?? [];
        return options.Any(option => option is "shared" or "rshared") ? "shared"
            : options.Any(option => option is "slave" or "rslave") ? "rslave" : null;
    }

    // A proc of its own needs the process namespace to belong to the user namespace; otherwise the host's is bound.
    private static OciMount Proc(SpecInput input) =>
        input.IsOwn(input.Configuration.PidNamespace) || !input.HasUserNamespace
            ? Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev")
            : Mount("/proc", "bind", "/proc", "rbind", "rprivate", "nosuid", "noexec", "nodev");

    private static string[] TerminalOptions(SpecInput input)
    {
        // The group tty, where the user namespace has it.
        bool tty = (SpecIdMaps.Groups(input) ?? input.UserIds?.Groups) is not { } maps
            || maps.Any(map => map.ContainerId <= 5 && (ulong)map.ContainerId + map.Size > 5);
        // The host has a few thousand for all of its containers together (kernel.pty.max).
        string[] options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "max=256"];
        return tty ? [.. options, "gid=5"] : options;
    }

    private static OciMount SharedMemory(ContainerConfiguration configuration)
    {
        long size = configuration.ShmSize ?? DefaultShmSize;
        if (size <= 0) throw EngineException.Invalid("The size of /dev/shm is not positive.", size);
        return configuration.IpcNamespace is { Kind: NamespaceKind.Host }
            ? Mount("/dev/shm", "bind", "/dev/shm", "rbind", "rprivate", "nosuid", "noexec", "nodev")
            : Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", Size(size));
    }

    private static OciMount Queues(ContainerConfiguration configuration) =>
        SpecInput.IsPrivate(configuration.IpcNamespace)
            ? Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev")
            : Mount("/dev/mqueue", "tmpfs", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=64k");

    private static IEnumerable<OciMount> System(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        bool writable = configuration.Privileged;

        // sysfs shows devices of the network namespace, and needs that to belong to the user namespace.
        bool own = input.IsOwn(configuration.NetworkNamespace) || !input.HasUserNamespace;
        yield return own
            ? Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", writable ? "rw" : "ro")
            : Mount("/sys", "bind", "/sys", "rbind", "rprivate", "nosuid", "noexec", "nodev", "ro");
        yield return Mount(
            "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime",
            writable || input.IsSystem ? "rw" : "ro");
    }

    // What programs write to; the host's own content of it stays hidden. Without a limit of the container's memory they take
    // the host's: together half of it, as much as one of them would have by the kernel's default.
    private static IEnumerable<OciMount> HostImage() =>
    [
        Mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=15%"),
        Mount("/run", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=755", "size=5%"),
        Mount("/var", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=755", "size=10%"),
        Mount("/var/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=5%"),
        Mount("/root", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=700", "size=10%"),
        Mount("/home", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=755", "size=5%"),
    ];

    // A directory below /proc or /sys psrun would refuse at the start, or could not make.
    private static bool IsReserved(ContainerMount mount)
    {
        string target = Path.GetFullPath(mount.Target).TrimEnd('/');
        return Reserved.Contains(target) || (mount.Type != ContainerMountType.Bind
            && (target.StartsWith("/proc/", StringComparison.Ordinal) || target.StartsWith("/sys/", StringComparison.Ordinal)));
    }

    private static OciMount User(SpecInput input, ContainerMount mount)
    {
        if (IsReserved(mount))
        {
            throw new EngineException(
                ErrorId.InvalidMountSpecification, $"Nothing can be mounted on '{mount.Target}'.", target: mount.ToString());
        }

        return mount.Type == ContainerMountType.Tmpfs ? Tmpfs(mount) : SpecFileMounts.Build(input, mount);
    }

    private static OciMount Tmpfs(ContainerMount mount)
    {
        List<string> options =
            ["nosuid", "nodev", .. mount.Option ?? [], $"mode={Convert.ToString(mount.Mode ?? 0x3FF, 8)}"];
        if (mount.Size is long size) options.Add(Size(size));
        if (mount.ReadOnly) options.Add("ro");
        return Mount(mount.Target, "tmpfs", "tmpfs", [.. options]);
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    internal static OciMount Mount(string target, string type, string source, params string[] options) =>
        new() { Destination = target, Type = type, Source = source, Options = options };
}
