using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The built-in image <c>host</c> for an ordinary user. An overlay on <c>/</c> as a whole is root's: the kernel lets
/// nobody else uncover what mounts hide (clone_private_mount, locked mounts of mount_namespaces(7)). So the root is an
/// empty directory, and each directory of the host's root is bound on it, read-only with all that is mounted below.
/// Their files are the host root's, for whom the user has no id, so an overlay would take no changes either.
/// </summary>
internal static class UserHostRoot
{
    /// <summary>The directory in the container's own that is the empty root.</summary>
    public const string Directory = "host";

    // The container has its own of these, or none.
    private static readonly HashSet<string> s_hidden =
        ["/proc", "/sys", "/dev", "/tmp", "/run", "/var", "/root", "/home", "/lost+found"];

    /// <summary>Makes the empty root: the links in the host's.</summary>
    public static void Make(RootDirectory container)
    {
        container.MakeDirectory(Directory, 0x1ED);
        container.SetMode(Directory, 0x1ED);
        foreach (FileSystemInfo entry in new DirectoryInfo("/").EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is { } target) container.Symlink(target, $"{Directory}/{entry.Name}");
        }
    }

    /// <summary>What is mounted on it, beside what every container of the image has.</summary>
    public static IEnumerable<ContainerMount> Mounts()
    {
        foreach (DirectoryInfo directory in new DirectoryInfo("/").EnumerateDirectories())
        {
            string path = directory.FullName;
            if (s_hidden.Contains(path) || directory.LinkTarget is not null || !Access.CanEnter(path)) continue;
            yield return new ContainerMount
            {
                Type = ContainerMountType.Bind, Source = path, Target = path, ReadOnly = true,
            };
        }
    }
}
