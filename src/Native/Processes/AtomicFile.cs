using Container.Native.Syscalls;

namespace Container.Native.Processes;

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
                Files.WriteAll(file.Number, content, temporary);
                if (flush) SystemCallException.Check(Files.fsync(file.Number), "fsync", temporary);
            }

            if (!flush && TryExchange(temporary, path)) return;
            SystemCallException.Check(
                Files.renameat2(Files.AT_FDCWD, temporary, Files.AT_FDCWD, path, 0), "rename", path);
        }
        catch
        {
            _ = Files.unlinkat(Files.AT_FDCWD, temporary, 0);
            throw;
        }

        if (!flush) return;

        // The rename is on the disk when the directory is.
        string parent = slash == 0 ? "." : path[..slash];
        using FileDescriptor directory = Files.Open(parent, Files.O_RDONLY | Files.O_DIRECTORY);
        SystemCallException.Check(Files.fsync(directory.Number), "fsync", parent);
    }

    private static FileDescriptor Make(string path, uint mode)
    {
        int flags = Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL | Files.O_NOFOLLOW;
        try
        {
            return Files.Open(path, flags, mode);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
        {
            // Left by a process that was killed and had our id; or put there for us to write to.
            _ = Files.unlinkat(Files.AT_FDCWD, path, 0);
            return Files.Open(path, flags, mode);
        }
    }

    /// <summary>
    /// A rename over a file makes ext4 write the new one to the disk at once, milliseconds for those who do not want
    /// that (ext4(5), auto_da_alloc); an exchange does not. False where there is no file yet, or no exchange.
    /// </summary>
    private static bool TryExchange(string temporary, string path)
    {
        int result = Files.renameat2(
            Files.AT_FDCWD, temporary, Files.AT_FDCWD, path, Files.RENAME_EXCHANGE);
        if (result == 0) _ = Files.unlinkat(Files.AT_FDCWD, temporary, 0);
        return result == 0;
    }
}
