using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// An overlay as a detached mount, over layers that may be mapped to a user namespace: nothing is chowned, whatever
/// ids the container has. Linux 5.19 allows mapped layers, 6.15 takes them as descriptors of detached mounts; before, they
/// need names, in a namespace of their own (Documentation/filesystems/overlayfs.rst).
/// </summary>
internal static class OverlayMount
{
    private const int LayerLimit = 500;

    /// <summary>Puts the layers together.</summary>
    /// <param name="lower">Directories of the read-only layers, the topmost first.</param>
    /// <param name="upper">The directory that has <c>upper</c> and <c>work</c>, or null for a read-only root.</param>
    /// <param name="userNamespace">What the layers' ids are mapped to, or null to leave them.</param>
    /// <param name="mapLower">Whether that goes for the read-only layers too.</param>
    /// <param name="rootUid">The host's id of the container's root. The overlay writes to the upper layer with the ids
    /// of the process that makes it, and through a mapped mount the host's root has none.</param>
    /// <param name="rootGid">The same for groups.</param>
    public static FileDescriptor Create(
        IReadOnlyList<string> lower,
        string? upper,
        FileDescriptor? userNamespace,
        bool mapLower = true,
        uint rootUid = 0,
        uint rootGid = 0)
    {
        lower = Distinct(lower);
        if (lower.Count > LayerLimit) throw new SystemCallException("overlay", $"{lower.Count} layers", Errno.E2BIG);

        List<FileDescriptor> layers = [];
        try
        {
            foreach (string path in lower) layers.Add(Layer(path, mapLower ? userNamespace : null));

            // The kernel wants upper and work below one mount, so the directory that has both is what gets mapped.
            FileDescriptor? changes = upper is null ? null : Layer(upper, userNamespace);
            if (changes is not null) layers.Add(changes);
            OverlayLayers all = new(layers[..lower.Count], changes, userNamespace is null ? null : (rootUid, rootGid));
            try
            {
                return all.Assemble();
            }
            catch (SystemCallException failure) when (failure.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
            {
                return all.AssembleByName();
            }
        }
        finally
        {
            foreach (FileDescriptor layer in layers) layer.Dispose();
        }
    }

    /// <summary>
    /// The layers without those that are there once more above: everything they have is seen there, and overlayfs takes
    /// no directory twice (ELOOP).
    /// </summary>
    public static IReadOnlyList<string> Distinct(IReadOnlyList<string> layers)
    {
        List<string> result = new(layers.Count);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string layer in layers)
        {
            if (seen.Add(layer)) result.Add(layer);
        }

        return result;
    }

    private static FileDescriptor Layer(string path, FileDescriptor? userNamespace)
    {
        FileDescriptor layer = DetachedMount.Clone(path, recursive: false);
        try
        {
            if (userNamespace is not null) DetachedMount.MapIds(layer, userNamespace, recursive: false, path);
            return layer;
        }
        catch
        {
            layer.Dispose();
            throw;
        }
    }
}
