using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Who opens the source of a bind. The child does, in the document's order, wherever it sees what the host sees: a source
/// may lie in an earlier mount of the same document, as with runc and crun, and mountinfo, which since Linux 6.8 lists
/// mounts by age, has that order. Else this process does, before the clone, and the child only what lies below the root.
/// </summary>
internal static class BindSource
{
    /// <summary>A slot with a copy of the mount at <paramref name="source"/>.</summary>
    public static LaunchSlot Open(
        LaunchCompilation c, OciMount mount, MountOptions options, int index, string source, bool recursive)
    {
        bool follow = !options.KeepsSourceLink;
        bool maps = options.IsIdMapped || mount.UidMappings is not null;
        if (maps && !c.Options.Privileged)
            throw new DocumentException($"mounts[{index}]", $"mounts[{index}]: only root can map the ids of '{source}'");
        if (!c.Options.Privileged)
        {
            RequireHostRoot(c, index, source);
            return MountCompiler.OpenTree(c.Plan, source, recursive, follow);
        }

        if (!maps && IsForChild(c, options, source)) return MountCompiler.OpenTree(c.Plan, source, recursive, follow);
        if (BelowRoot(c, source) is { } path)
        {
            if (!maps) return MountCompiler.OpenTree(c.Plan, path, recursive, follow, c.Root);
            RequireUncovered(c, index, source, path);
        }

        FileDescriptor tree = DetachedMount.Clone(source, recursive, follow);
        int number = c.Plan.Own(tree);
        if (maps) AddMapping(c, mount, options, index, source, tree);
        return c.Plan.AddSlot(number);
    }

    private static void AddMapping(
        LaunchCompilation c, OciMount mount, MountOptions options, int index, string source, FileDescriptor tree)
    {
        (IReadOnlyList<OciIdMapping>? uids, IReadOnlyList<OciIdMapping>? gids) =
            MountIdMap.Read(mount, options, c.Linux, index);
        if (uids is null && !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER))
        {
            throw new DocumentException(
                $"mounts[{index}]", $"mounts[{index}]: idmap needs uidMappings and gidMappings, or a user namespace");
        }

        // Before it is attached, and when the user namespace has its maps: the parent does it while the child waits.
        c.MappedBinds.Add(new MappedBind(tree, options.IsRecursiveIdMap, source, uids, gids));
    }

    /// <summary>
    /// Whether the child may open the source by its path; then it sees what hooks of the runtime have mounted there, too.
    /// Not where the child has other ids or is in another mount namespace; nor where the mount, which is a slave of the
    /// host's in the child, is to be a peer of it; nor where the container's root lies over "/" and the path may go through it.
    /// </summary>
    private static bool IsForChild(LaunchCompilation c, MountOptions options, string source) =>
        !c.EntersRunning
        && c.Namespaces.Creates(CloneArguments.CLONE_NEWNS)
        && !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER)
        && !(options.Propagation == Mount.MS_SHARED && RootCompiler.IsShared(c))
        && (RootCompiler.IsAtItsPath(c) || (!options.KeepsSourceLink && BelowRoot(c, source) is null && PlainPath.Is(source)));

    /// <summary>Where below the container's root the source lies, or null: a path of it that is the root decides.</summary>
    private static string? BelowRoot(LaunchCompilation c, string source)
    {
        if (c.EntersRunning || c.Options.RootFromParent || source.Contains("..", StringComparison.Ordinal)) return null;
        FileIdentity? root = FileIdentity.TryGet(RootCompiler.RootPath(c));
        for (int end = source.Length; root is not null && end > 0; end = source.LastIndexOf('/', end - 1))
        {
            if (FileIdentity.TryGet(source[..end]) == root) return source[end..].Trim('/');
        }

        return null;
    }

    // Only this process may map ids, and it does not see what the child has mounted.
    private static void RequireUncovered(LaunchCompilation c, int index, string source, string path)
    {
        for (int i = 0; i < index; i++)
        {
            string covered = c.Spec.Mounts![i].Destination.Trim('/');
            if (path != covered && !path.StartsWith(covered + "/", StringComparison.Ordinal)) continue;
            throw new DocumentException(
                $"mounts[{index}]",
                $"mounts[{index}]: the ids of '{source}' cannot be mapped, it lies in the earlier mount on '/{covered}'");
        }
    }

    // A copy of "/" would be one of the container's root, which lies over it.
    private static void RequireHostRoot(LaunchCompilation c, int index, string source)
    {
        if (RootCompiler.IsAtItsPath(c) || c.EntersRunning || Path.GetFullPath(source) != "/") return;
        throw new DocumentException($"mounts[{index}]", $"mounts[{index}]: '/' cannot be bound with --no-pivot");
    }
}
