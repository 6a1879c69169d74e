using System.Globalization;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// A mount namespace of this thread's own, in which detached mounts get names: until Linux 6.15 an overlay takes layers
/// only from the caller's namespace. Nothing in it is seen elsewhere, and it ends with the object or the process.
/// A thread that has been here has a working directory and a root of its own ever after (unshare(2), CLONE_FS).
/// </summary>
internal sealed class LayerPlaces : IDisposable
{
    private readonly FileDescriptor home;
    private readonly FileDescriptor root;
    private readonly FileDescriptor directory;
    private FileDescriptor? places;
    private int count;

    private LayerPlaces()
    {
        home = FileCalls.Open("/proc/thread-self/ns/mnt", FileCalls.O_RDONLY);
        root = FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        directory = FileCalls.Open(".", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
    }

    /// <summary>Goes there; names are relative to the working directory meanwhile.</summary>
    public static LayerPlaces Enter()
    {
        LayerPlaces entered = new();
        const int Namespace = (int)CloneArguments.CLONE_NEWNS;
        SystemCallException.Check(ProcessCalls.unshare(Namespace), "unshare", "mount namespace");
        try
        {
            // Before anything is mounted: what is shared with the host would be mounted there too.
            using FileDescriptor top = FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
            Mount.SetAttributes(top, new Mount.Attributes { Propagation = Mount.MS_PRIVATE }, recursive: true, "/");
            using FileDescriptor context = Mount.OpenFileSystem("tmpfs");
            entered.places = Mount.CreateMount(context, 0, "tmpfs");
            Mount.Move(entered.places, top, "", "tmpfs");
            ChangeDirectory(entered.places);
            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    /// <summary>Gives a detached mount a name, a short one: the kernel takes 255 bytes of them.</summary>
    public string Attach(FileDescriptor mount)
    {
        string name = count++.ToString(CultureInfo.InvariantCulture);
        SystemCallException.Check(FileCalls.mkdirat(places!.Number, name, 0x1ED), "mkdirat", name);
        Mount.Move(mount, places, name, name);
        return name;
    }

    /// <summary>Goes back to where the thread was.</summary>
    public void Dispose()
    {
        SystemCallException.Check(
            ProcessCalls.setns(home.Number, (int)CloneArguments.CLONE_NEWNS), "setns", "our own namespace");

        // setns(2) goes to the root of the namespace, which is not the one of a process that has changed its own.
        ChangeDirectory(root);
        SystemCallException.Check(ProcessCalls.chroot("."), "chroot", "our own root");
        ChangeDirectory(directory);
        places?.Dispose();
        directory.Dispose();
        root.Dispose();
        home.Dispose();
    }

    private static void ChangeDirectory(FileDescriptor directory) =>
        SystemCallException.Check(ProcessCalls.fchdir(directory.Number), "fchdir", ".");
}
