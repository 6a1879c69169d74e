using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// State files of psrun that are there whole or not at all: written beside and renamed over what was there, by system
/// calls alone. The directory of a caller's pid file may be one that everybody can write to: what is there already is
/// never opened.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Replaces a file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it shall hold.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="flush">Whether it must survive a crash of the host; what dies with the host anyway need
    /// not.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, uint mode = 0x180, bool flush = true)
    {
        int slash = path.LastIndexOf('/') + 1;
        string temporary = $"{path.AsSpan(0, slash)}.{path.AsSpan(slash)}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileDescriptor file = Make(temporary, mode))
            {
                FileCalls.WriteAll(file.Number, content, temporary);
                if (flush) SystemCallException.Check(FileCalls.fsync(file.Number), "fsync", temporary);
            }

            if (!flush && TryExchange(temporary, path)) return;
            SystemCallException.Check(
                FileCalls.renameat2(FileCalls.AT_FDCWD, temporary, FileCalls.AT_FDCWD, path, 0), "rename", path);
        }
        catch
        {
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, temporary, 0);
            throw;
        }

        if (!flush) return;

        // The rename is on the disk when the directory is.
        string parent = slash == 0 ? "." : path[..slash];
        using FileDescriptor directory = FileCalls.Open(parent, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
        SystemCallException.Check(FileCalls.fsync(directory.Number), "fsync", parent);
    }

    private static FileDescriptor Make(string path, uint mode)
    {
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW;
        try
        {
            return FileCalls.Open(path, flags, mode);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
        {
            // Left by a process that was killed and had our id; or put there for us to write to.
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, path, 0);
            return FileCalls.Open(path, flags, mode);
        }
    }

    /// <summary>
    /// A rename over a file makes ext4 write the new one to the disk at once, milliseconds for those who do not want
    /// that (ext4(5), auto_da_alloc); an exchange does not. False where there is no file yet, or no exchange.
    /// </summary>
    private static bool TryExchange(string temporary, string path)
    {
        int result = FileCalls.renameat2(
            FileCalls.AT_FDCWD, temporary, FileCalls.AT_FDCWD, path, FileCalls.RENAME_EXCHANGE);
        if (result == 0) _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, temporary, 0);
        return result == 0;
    }
}
