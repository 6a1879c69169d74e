using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Files;

public sealed unsafe partial class RootDirectory
{
    /// <summary>
    /// Opens a regular file for reading, links followed inside the root. A FIFO or device neither blocks nor is read:
    /// EINVAL (CVE-2024-9676). So it is with the files of procfs, sysfs and their kind, which a link in the place of any
    /// file can lead to: what is read for a container was stored by somebody.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="generated">Whether files that the kernel makes up will do: the host's, which its user has named.
    /// </param>
    public FileDescriptor OpenFile(string path, bool generated = false)
    {
        const int Reading = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC;

        // Who cannot make devices has none that he may open.
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null) return OnlyStored(OnlyRegular(Resolve(path, Reading, 0, "open"), path), path, generated);

        // To open a device is to do something with it: a watchdog of the host, which an image may call /etc/passwd,
        // counts from then on. So it is looked at first, and then that very file is opened (proc(5), /proc/PID/fd).
        using FileDescriptor found = OnlyStored(
            OnlyRegular(Resolve(path, FileCalls.O_PATH, 0, "open"), path), path, generated);
        int fd;
        do
        {
            fd = FileCalls.openat(FileCalls.AT_FDCWD, $"/proc/self/fd/{found.Number}", Reading, 0);
        }
        while (fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        Check(fd, "open", path);
        return new FileDescriptor(fd);
    }

    /// <summary>Creates a regular file for writing; a name that exists, a link too, is EEXIST.</summary>
    public FileDescriptor CreateFile(string path, uint mode)
    {
        ArgumentNullException.ThrowIfNull(path);
        return OpenEntry(path, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL, mode, "create");
    }

    /// <summary>Opens a regular file for reading and writing, made if missing; a link is refused.</summary>
    public FileDescriptor OpenOrCreateFile(string path, uint mode)
    {
        ArgumentNullException.ThrowIfNull(path);
        return OpenForWriting(path, FileCalls.O_RDWR, mode);
    }

    /// <summary>The content of a regular file, links followed inside the root; more than the limit is EFBIG.</summary>
    public byte[] ReadFile(string path, int limit)
    {
        using FileDescriptor file = OpenFile(path);
        return FileCalls.ReadAll(file, limit, path);
    }

    /// <summary>
    /// Makes a regular file have this content; what has the name and is no regular file, a link too, is refused.
    /// </summary>
    public void WriteFile(string path, ReadOnlySpan<byte> content, uint mode = 0x1A4)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileDescriptor file = OpenForWriting(path, FileCalls.O_WRONLY, mode);
        Check(Attributes.ftruncate(file.Number, 0), "truncate", path);
        FileCalls.WriteAll(file.Number, content, path);
    }

    private FileDescriptor OpenForWriting(string path, int access, uint mode)
    {
        int flags = FileCalls.O_CREAT | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY;
        return OnlyRegular(OpenEntry(path, access | flags, mode, "write"), path);
    }

    // The last component is not followed.
    internal FileDescriptor OpenEntry(string path, int flags, uint mode, string operation)
    {
        if (agent is not null) return agent.Open(FileRequest.OpenEntry, root, path, flags, mode, operation);
        using RootPlace place = Locate(path, operation);
        int fd = Entries.openat(place.Parent, place.Name, flags | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, mode);
        Check(fd, operation, path);
        return new FileDescriptor(fd);
    }

    private static FileDescriptor OnlyStored(FileDescriptor file, string path, bool generated)
    {
        if (generated || !file.IsGenerated(path)) return file;
        file.Dispose();
        throw new SystemCallException("open", path, Errno.EINVAL);
    }

    private static FileDescriptor OnlyRegular(FileDescriptor file, string path)
    {
        FileKind kind = file.GetMetadata(path).Kind;
        if (kind == FileKind.File) return file;
        file.Dispose();
        throw new SystemCallException("open", path, kind == FileKind.Directory ? Errno.EISDIR : Errno.EINVAL);
    }
}
