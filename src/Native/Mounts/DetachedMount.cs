using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// Mounts that no mount namespace shows until somebody attaches them: open_tree(2) with OPEN_TREE_CLONE and
/// fsmount(2). A crash cannot leak one, as it goes with its last descriptor.
/// </summary>
internal static class DetachedMount
{
    /// <summary>A copy of the mount at <paramref name="path"/>, of the mounts below it too if
    /// <paramref name="recursive"/>; of a link itself unless <paramref name="follow"/>.</summary>
    public static FileDescriptor Clone(string path, bool recursive, bool follow = true) => Mount.OpenTree(
        path,
        Mount.OPEN_TREE_CLONE | (recursive ? (uint)FileCalls.AT_RECURSIVE : 0)
            | (follow ? 0 : (uint)FileCalls.AT_SYMLINK_NOFOLLOW));

    /// <summary>Makes the mount show files under the ids that <paramref name="userNamespace"/> maps them to
    /// (mount_setattr(2), ID-mapped mounts).</summary>
    public static void MapIds(FileDescriptor mount, FileDescriptor userNamespace, bool recursive, string path) =>
        Mount.SetAttributes(
            mount,
            new Mount.Attributes { Set = Mount.MOUNT_ATTR_IDMAP, UserNamespace = (ulong)userNamespace.Number },
            recursive,
            path);
}
