using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Runtime.State;

/// <summary>
/// The lock of one container's directory, held by whoever changes its state. It is a record lock of fcntl(2): the
/// process of a container that is being made is a copy of us, and would keep a lock of flock(2) long after we ended.
/// </summary>
internal sealed class ContainerLock : IDisposable
{
    private readonly FileDescriptor file;

    private ContainerLock(FileDescriptor file) => this.file = file;

    /// <summary>Waits for the lock.</summary>
    public static ContainerLock Acquire(string directory) => TryAcquire(directory, wait: true)!;

    /// <summary>Takes the lock if nobody holds it.</summary>
    public static ContainerLock? TryAcquire(string directory) => TryAcquire(directory, wait: false);

    /// <summary>Whether another process holds the lock.</summary>
    public static bool IsHeld(string directory)
    {
        try
        {
            // Only asked for, never taken: who makes a container does not wait for it.
            using FileDescriptor file = FileCalls.Open(directory + "/lock", FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
            return RecordLock.IsHeld(file);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    public void Dispose() => file.Dispose();

    private static unsafe bool IsAt(FileDescriptor file, string path)
    {
        FileStatus there;
        return FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, FileStatus.STATX_BASIC_STATS, &there) == 0
            && FileIdentity.Of(file).Inode == there.Inode;
    }

    private static ContainerLock? TryAcquire(string directory, bool wait)
    {
        string path = directory + "/lock";
        FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, 0x180);
        if (RecordLock.TryLock(file, wait))
        {
            // While we waited the container may have been deleted, and made anew: that one has another lock.
            if (!wait || IsAt(file, path)) return new ContainerLock(file);
            file.Dispose();
            return TryAcquire(directory, wait);
        }

        Errno errno = (Errno)Marshal.GetLastPInvokeError();
        file.Dispose();
        return errno is Errno.EAGAIN or Errno.EACCES ? null : throw new SystemCallException("lock", path, errno);
    }
}
