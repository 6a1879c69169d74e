using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.IdMapping;
using Container.Native.Json;
using Container.Native.Monitor;
using Container.Native.Mounts;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Security;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Creation;

namespace Container.Runtime.Monitor;

/// <summary>What is to run: the engine's request and the container's document. Dropped once the container runs.</summary>
internal sealed class ContainerSetting
{
    private const int RequestLimit = 1024 * 1024;
    private const int DocumentLimit = 16 * 1024 * 1024;

    private ContainerSetting(MonitorRequest request, OciSpec spec)
    {
        Request = request;
        Spec = spec;
    }

    /// <summary>What the engine wants.</summary>
    public MonitorRequest Request { get; }

    /// <summary>The container's document.</summary>
    public OciSpec Spec { get; }

    /// <summary>Reads monitor.json in <paramref name="directory"/>, and the bundle it names.</summary>
    public static ContainerSetting Read(string directory)
    {
        MonitorRequest request = ReadRequest(directory);
        OciSpec spec = OciDocument.ReadSpec(ReadFile($"{request.Bundle}/config.json", DocumentLimit));
        return spec.Process is { Args.Count: > 0 }
            ? new ContainerSetting(request, spec)
            : throw new DocumentException("process.args", "a container needs a command");
    }

    /// <summary>Reads monitor.json alone.</summary>
    public static MonitorRequest ReadRequest(string directory) =>
        MonitorDocument.ReadRequest(ReadFile($"{directory}/monitor.json", RequestLimit));

    /// <summary>The container's cgroup, or null if the document names none.</summary>
    public CgroupManager? OpenCgroup() =>
        Spec.Linux?.CgroupsPath is { Length: > 0 } path
            ? CgroupManager.Open(path, new CgroupOptions { AllowUnwritable = !UserNamespace.IsRootOfHost })
            : null;

    /// <summary>The options of the launch.</summary>
    public LaunchOptions CreateOptions(CgroupManager? cgroup, MonitoredLife life) => life.Extend(
        new LaunchOptions
        {
            Id = Request.Id,
            Bundle = Request.Bundle,
            RootFromParent = MakesRoot,
            Cgroup = cgroup,
            KeepGroups = CrunAnnotations.KeepsGroups(Spec),
            SeccompCache = Request.SeccompCache,
            HideExecutable = SelfExecutable.MustBeHidden(Spec, Spec.Process!),
        },
        Spec.Linux?.Seccomp);

    /// <summary>
    /// Whether the root has to be made. A directory that is shown as it is needs nothing: the launch opens it, and as for
    /// psrun's own containers it is found at its path.
    /// </summary>
    public bool MakesRoot => Request.Rootfs is not { Path: { } path, IdMap: false } || Spec.Root?.Path != path;

    /// <summary>Makes the container's root as a detached mount.</summary>
    /// <param name="userNamespace">The container's, or null if it has none of its own.</param>
    public FileDescriptor CreateRoot(FileDescriptor? userNamespace)
    {
        FileDescriptor root = OpenRoot(userNamespace);
        if (Spec.Process!.NoNewPrivileges != true) return root;
        try
        {
            // Without new privileges a program whose file has capabilities that the container lacks, as Debian's ping has,
            // is not even run (EPERM). On a mount without set-user-ID it is, as any other program.
            Mount.SetAttributes(root, new Mount.Attributes { Set = Mount.MOUNT_ATTR_NOSUID }, recursive: false, "rootfs");
            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    private FileDescriptor OpenRoot(FileDescriptor? userNamespace)
    {
        MonitorRootfs rootfs = Request.Rootfs;

        // Only the host's root can map a layer. A user's layers have the ids of the user's namespace already.
        bool maps = UserNamespace.IsInitial && (rootfs.IdMap || rootfs.Host) && IdMaps.Shifts(Spec.Linux);
        FileDescriptor? mapping = maps ? userNamespace : null;
        if (rootfs.Path is { } path) return CreatePlainRoot(path, rootfs.IdMap ? mapping : null);
        if (rootfs.Lower is not { Count: > 0 } lower)
            throw new DocumentException("rootfs", "monitor.json names neither a directory nor layers");
        uint uid = IdMaps.HostId(Spec.Linux?.UidMappings, 0);
        uint gid = IdMaps.HostId(Spec.Linux?.GidMappings, 0);
        return OverlayMount.Create(lower, Parent(rootfs), mapping, !rootfs.Host, uid, gid);
    }

    private static FileDescriptor CreatePlainRoot(string path, FileDescriptor? mapping)
    {
        FileDescriptor root = DetachedMount.Clone(path, recursive: true);
        try
        {
            if (mapping is not null) DetachedMount.MapIds(root, mapping, recursive: true, path);
            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>The directory that has both the upper and the work directory; the overlay needs them on one mount.</summary>
    private static string? Parent(MonitorRootfs rootfs)
    {
        if (rootfs.Upper is not { } upper) return null;
        string? parent = Path.GetDirectoryName(upper);
        return parent is not null && upper == $"{parent}/upper" && rootfs.Work == $"{parent}/work"
            ? parent
            : throw new DocumentException("rootfs.upper", "the layer that takes changes must be DIR/upper, with DIR/work");
    }

    private static byte[] ReadFile(string path, int limit)
    {
        return TrustedFile.Read(path, limit) ?? throw new SystemCallException("open", path, Errno.ENOENT);
    }
}
