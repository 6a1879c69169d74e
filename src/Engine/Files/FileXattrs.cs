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
}
