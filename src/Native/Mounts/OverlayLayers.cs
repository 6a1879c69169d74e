using Container.Native.Files;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>The layers of an overlay, each a detached mount, and the two ways to hand them to the kernel.</summary>
/// <param name="lower">The read-only layers, the topmost first.</param>
/// <param name="changes">What has the directories <c>upper</c> and <c>work</c>; null for a read-only overlay.</param>
/// <param name="owner">The ids with which the overlay writes; null for the caller's.</param>
internal sealed class OverlayLayers(
    IReadOnlyList<FileDescriptor> lower, FileDescriptor? changes, (uint Uid, uint Gid)? owner)
{
    // strndup_user() of fsconfig(2), the end included.
    private const int TextLimit = 256;

    private static readonly (string Key, string Name)[] s_writable = [("upperdir", "upper"), ("workdir", "work")];

    /// <summary>As descriptors.</summary>
    public FileDescriptor Assemble()
    {
        using FileDescriptor context = Open();
        List<FileDescriptor> opened = [];
        try
        {
            foreach (FileDescriptor layer in lower) Mount.Configure(context, "lowerdir+", layer);
            foreach ((string key, string name) in changes is null ? [] : s_writable)
            {
                opened.Add(FileCalls.Open(name, FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW, 0, changes));
                Mount.Configure(context, key, opened[^1]);
            }

            return Create(context);
        }
        finally
        {
            foreach (FileDescriptor descriptor in opened) descriptor.Dispose();
        }
    }

    /// <summary>By names in a mount namespace of this thread's own; it attaches them, which cannot be undone.</summary>
    public FileDescriptor AssembleByName()
    {
        using LayerPlaces places = LayerPlaces.Enter();
        using FileDescriptor context = Open();
        List<string> names = [];
        foreach (FileDescriptor layer in lower) names.Add(places.Attach(layer));
        string joined = string.Join(':', names);
        if (joined.Length < TextLimit) Mount.Configure(context, "lowerdir", joined);
        else foreach (string name in names) Mount.Configure(context, "lowerdir+", name); // Linux 6.7
        if (changes is not null)
        {
            string place = places.Attach(changes);
            foreach ((string key, string name) in s_writable) Mount.Configure(context, key, $"{place}/{name}");
        }

        return Create(context);
    }

    private FileDescriptor Create(FileDescriptor context)
    {
        using FileSystemIds? ids = owner is var (uid, gid) ? FileSystemIds.Become(uid, gid) : null;

        // A layer's device nodes are nobody's: the container's own are below /dev.
        return Mount.CreateMount(context, owner is null ? 0 : Mount.MOUNT_ATTR_NODEV, "overlay");
    }

    private static FileDescriptor Open()
    {
        FileDescriptor context = Mount.OpenFileSystem("overlay");
        Mount.Configure(context, "source", "overlay");

        // Its own notes are trusted.* attributes otherwise, which only the host's root may write (Linux 5.11).
        if (!UserNamespace.IsInitial) Mount.Configure(context, "userxattr", null as string);
        return context;
    }
}
