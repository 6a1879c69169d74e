using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The built-in image <c>host</c> for an ordinary user. An overlay on <c>/</c> as a whole is root's: the kernel lets
/// nobody else uncover what mounts hide (clone_private_mount, locked mounts of mount_namespaces(7)). So the root is an
/// empty directory, and the directories of the system's programs, libraries and configuration are bound on it, read-only
/// with all that is mounted below.
/// <para>
/// Root of such a container is the first subordinate id, not the user: what is the user's, or of the user's groups, is
/// somebody else's there, wherever it lies.
/// </para>
/// </summary>
internal static class UserHostRoot
{
    /// <summary>The directory in the container's own that is the empty root.</summary>
    public const string Directory = "host";

    /// <summary>The container's root, as an id of the user's namespace.</summary>
    public const uint RootId = 1;

    // What is not named here does not exist inside: a host has directories that nobody foresees.
    private static readonly string[] s_shown =
    [
        "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr", "/etc", "/opt", "/nix/store", "/gnu/store",
    ];

    /// <summary>Refuses where root inside would be the user, unless that was asked for; then it says so.</summary>
    public static void Check(ContainerConfiguration configuration)
    {
        if (configuration.UserNamespace is { Kind: NamespaceKind.Host })
        {
            EngineWarning.Say(
                "Root of the container is you, as it has no user namespace of its own: what you and your groups may read below "
                + string.Join(", ", s_shown[..^2]) + " it reads, and to sockets there it connects.");
            return;
        }

        if (UserIds.Current is not { HasRange: false } ids) return;
        throw new EngineException(
            ErrorId.SubordinateIdsMissing,
            $"Root of a container of the image 'host' would be you: {ids.Missing}.",
            "Have root give you ids: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER. Or use "
            + "-UserNamespace Host, if the container may read below /usr, /etc and /opt what you may.",
            configuration.Image);
    }

    /// <summary>Makes the empty root: the links in the host's that stand for a directory that is shown.</summary>
    public static void Make(RootDirectory container)
    {
        container.MakeDirectory(Directory, 0x1ED);
        container.SetMode(Directory, 0x1ED);
        foreach (string path in s_shown)
        {
            if (new DirectoryInfo(path).LinkTarget is { } target) container.Symlink(target, Directory + path);
        }
    }

    /// <summary>What is mounted on it, beside what every container of the image has.</summary>
    public static IEnumerable<ContainerMount> Mounts()
    {
        foreach (string path in s_shown)
        {
            DirectoryInfo directory = new(path);
            if (!directory.Exists || directory.LinkTarget is not null || !Access.CanEnter(path)) continue;
            yield return new ContainerMount
            {
                Type = ContainerMountType.Bind, Source = path, Target = path, ReadOnly = true,
            };
        }
    }
}
