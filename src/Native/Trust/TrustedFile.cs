using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Trust;

/// <summary>
/// What we keep in a directory that <see cref="TrustedPath"/> has judged. Only root can have put it there, but also what
/// is another's: a home below /home, a backup with its owners. What root takes for its own is root's.
/// </summary>
public static class TrustedFile
{
    /// <summary>The content of a file of ours; null where there is none.</summary>
    /// <param name="path">The file; a link is none of ours.</param>
    /// <param name="limit">The most that is read; more is EFBIG.</param>
    /// <exception cref="UntrustedPathException">Root asks, and the file or its directory is another's.</exception>
    public static byte[]? Read(string path, int limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Without O_NONBLOCK a fifo would stop us before we see what it is.
        using FileDescriptor? file = FileCalls.TryOpen(
            path, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY);
        if (file is null) return null;
        if (Users.geteuid() == 0)
        {
            Require(Path.GetDirectoryName(path)!);
            TrustedWalk.Require(file.GetMetadata(path), path);
        }

        return FileCalls.ReadAll(file, limit, path);
    }

    /// <summary>Refuses a directory or file that is not root's alone, where root asks. What is missing passes.</summary>
    /// <exception cref="UntrustedPathException">It belongs to another user, or another may write to it.</exception>
    public static unsafe void Require(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Users.geteuid() != 0) return;
        FileStatus status;
        if (FileCalls.statx(FileCalls.AT_FDCWD, path, 0, FileStatus.STATX_BASIC_STATS, &status) == 0)
        {
            TrustedWalk.Require(new FileMetadata(status), path);
            return;
        }

        SystemCallException failure = SystemCallException.Last("stat", path);
        if (failure.Errno is not (Errno.ENOENT or Errno.ENOTDIR)) throw failure;
    }
}
