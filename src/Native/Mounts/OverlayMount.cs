using System.Globalization;
using Container.Native.Namespaces;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// An overlay as a detached mount, over layers that may be mapped to a user namespace: nothing is chowned, whatever
/// ids the container has. Linux 5.19 allows mapped layers; from 6.13 on the layers are handed over as descriptors,
/// before as names under /proc/self/fd (Documentation/filesystems/overlayfs.rst).
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
        if (lower.Count > LayerLimit) throw new SystemCallException("overlay", $"{lower.Count} layers", Errno.E2BIG);

        List<FileDescriptor> opened = [];
        try
        {
            FileDescriptor context = Keep(Mount.OpenFileSystem("overlay"));
            Mount.Configure(context, "source", "overlay");

            // Its own notes are trusted.* attributes otherwise, which only the host's root may write (Linux 5.11).
            if (!UserNamespace.IsInitial) Mount.Configure(context, "userxattr", null);
            bool takesDescriptors = AddLayers(context, lower, mapLower ? userNamespace : null, opened);
            if (upper is not null) AddUpper(context, upper, userNamespace, takesDescriptors, opened);
            using FileSystemIds? ids = userNamespace is null ? null : FileSystemIds.Become(rootUid, rootGid);
            return Mount.CreateMount(context, 0, "overlay");
        }
        finally
        {
            foreach (FileDescriptor descriptor in opened)
            {
                descriptor.Dispose();
            }
        }

        FileDescriptor Keep(FileDescriptor descriptor)
        {
            opened.Add(descriptor);
            return descriptor;
        }
    }

    private static bool AddLayers(
        FileDescriptor context, IReadOnlyList<string> lower, FileDescriptor? userNamespace, List<FileDescriptor> opened)
    {
        bool takesDescriptors = true;
        List<string> names = [];
        foreach (string path in lower)
        {
            FileDescriptor layer = Layer(path, userNamespace);
            opened.Add(layer);
            takesDescriptors = takesDescriptors && Mount.TryConfigure(context, "lowerdir+", layer);
            names.Add(Name(layer));
        }

        if (!takesDescriptors) Mount.Configure(context, "lowerdir", string.Join(':', names));
        return takesDescriptors;
    }

    private static void AddUpper(
        FileDescriptor context,
        string directory,
        FileDescriptor? userNamespace,
        bool takesDescriptors,
        List<FileDescriptor> opened)
    {
        // The kernel wants both below one mount, so the directory that has both is what gets mapped.
        FileDescriptor mount = Layer(directory, userNamespace);
        opened.Add(mount);
        foreach ((string key, string name) in new[] { ("upperdir", "upper"), ("workdir", "work") })
        {
            FileDescriptor child = Files.Open(name, Files.O_PATH | Files.O_DIRECTORY | Files.O_NOFOLLOW, 0, mount);
            opened.Add(child);
            if (!takesDescriptors || !Mount.TryConfigure(context, key, child))
            {
                Mount.Configure(context, key, Name(child));
            }
        }
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

    private static string Name(FileDescriptor layer) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{layer.Number}");
}
