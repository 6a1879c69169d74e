using Container.Native.Files;

namespace Container.Engine.Files;

/// <summary>Which extended attributes belong to a file, and not to the host that has it.</summary>
internal static class FileXattrs
{
    /// <summary>
    /// An archive's trusted.overlay.* and user.overlay.* would direct overlayfs; labels and ACLs are the host's matter.
    /// </summary>
    public static bool IsKept(string name) => name == "security.capability"
        || (name.StartsWith("user.", StringComparison.Ordinal)
            && !name.StartsWith("user.overlay.", StringComparison.Ordinal));

    /// <summary>Those of a file, in the order of their names.</summary>
    public static KeyValuePair<string, byte[]>[] Read(RootDirectory root, string path) =>
        [.. root.GetXattrs(path).Where(xattr => IsKept(xattr.Key)).OrderBy(xattr => xattr.Key, StringComparer.Ordinal)];
}
