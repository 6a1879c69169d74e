using Container.Native.Files;

namespace Container.Engine.Files;

/// <summary>overlayfs's own attributes (Documentation/filesystems/overlayfs.rst).</summary>
internal static class OverlayXattr
{
    /// <summary>
    /// What says that nothing of lower layers shows in a directory. trusted.* takes root of the host; in a user
    /// namespace overlayfs keeps its notes in user.*.
    /// </summary>
    public static string Opaque(bool inUserNamespace) =>
        inUserNamespace ? "user.overlay.opaque" : "trusted.overlay.opaque";

    /// <summary>Whether a directory of a layer says so.</summary>
    public static bool IsOpaque(RootDirectory layer, string path) => layer.GetXattrs(path).Any(xattr =>
        xattr.Key == Opaque(layer.IsReachedByAgent) && xattr.Value.AsSpan().SequenceEqual("y"u8));
}
