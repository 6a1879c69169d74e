using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Changes of files: inotify(7).</summary>
internal static partial class Inotify
{
    public const uint IN_MODIFY = 2;

    private const int IN_NONBLOCK = 0x800;
    private const int IN_CLOEXEC = 0x80000;

    /// <summary>A descriptor that becomes readable when the file changes.</summary>
    public static FileDescriptor Watch(string path, uint events)
    {
        FileDescriptor watch = new(SystemCallException.Check(
            inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "inotify_init1"));
        if (inotify_add_watch(watch.Number, path, events) >= 0) return watch;
        SystemCallException failure = SystemCallException.Last("inotify_add_watch", path);
        watch.Dispose();
        throw failure;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int descriptor, string path, uint mask);
}
