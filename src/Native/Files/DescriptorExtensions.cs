using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Files;

/// <summary>What can be done to a file through its open descriptor, where no name can be exchanged any more.</summary>
public static unsafe class DescriptorExtensions
{
    /// <summary>What the file is.</summary>
    public static FileMetadata GetMetadata(this FileDescriptor file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Agent is FileAgent agent) return new FileMetadata(agent.GetFileStatus(file, path));
        return new FileMetadata(ReadStatus(file, path));
    }

    /// <summary>Whether it is on a file system whose files the kernel makes up: procfs, sysfs and their kind.</summary>
    public static bool IsGenerated(this FileDescriptor file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        return FileSystems.IsGenerated(FileSystems.Type(file, path));
    }

    internal static FileStatus ReadStatus(FileDescriptor file, string path)
    {
        byte empty = 0;
        FileStatus status;
        uint mask = FileStatus.STATX_BASIC_STATS | FileStatus.STATX_MNT_ID;
        int result = Entries.statx(file.Number, &empty, FileCalls.AT_EMPTY_PATH, mask, &status);
        SystemCallException.Check(result, "stat", path);
        return status;
    }

    /// <summary>Reads up to the buffer's length; 0 at the end.</summary>
    public static int Read(this FileDescriptor file, Span<byte> buffer, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        while (true)
        {
            fixed (byte* start = buffer)
            {
                nint count = FileCalls.read(file.Number, start, (nuint)buffer.Length);
                if (count >= 0) return (int)count;
            }

            SystemCallException failure = SystemCallException.Last("read", path);
            if (failure.Errno != Errno.EINTR) throw failure;
        }
    }

    /// <summary>Writes all of the data at the file's position.</summary>
    public static void Write(this FileDescriptor file, ReadOnlySpan<byte> data, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        FileCalls.WriteAll(file.Number, data, path);
    }

    /// <summary>Moves the position forward over a hole.</summary>
    public static void Skip(this FileDescriptor file, long count, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        SystemCallException.Check(FileCalls.lseek(file.Number, count, FileCalls.SEEK_CUR), "lseek", path);
    }

    /// <summary>Moves the position to this byte of the file.</summary>
    public static void Seek(this FileDescriptor file, long offset, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        SystemCallException.Check(FileCalls.lseek(file.Number, offset, FileCalls.SEEK_SET), "lseek", path);
    }

    /// <summary>Where data begins at or after this byte; null if there is none.</summary>
    public static long? SeekData(this FileDescriptor file, long offset, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        long found = FileCalls.lseek(file.Number, offset, FileCalls.SEEK_DATA);
        if (found >= 0) return found;
        SystemCallException failure = SystemCallException.Last("lseek", path);
        return failure.Errno == Errno.ENXIO ? null : throw failure;
    }

    /// <summary>Where a hole begins at or after this byte; the end of the file is one.</summary>
    public static long SeekHole(this FileDescriptor file, long offset, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        return SystemCallException.Check(FileCalls.lseek(file.Number, offset, FileCalls.SEEK_HOLE), "lseek", path);
    }

    /// <summary>Makes the file this long.</summary>
    public static void SetLength(this FileDescriptor file, long length, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        SystemCallException.Check(Attributes.ftruncate(file.Number, length), "truncate", path);
    }

    /// <summary>Waits until the content is on the disk.</summary>
    public static void Flush(this FileDescriptor file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        SystemCallException.Check(FileCalls.fsync(file.Number), "fsync", path);
    }

    /// <summary>Waits until everything of the file's file system is on the disk (syncfs(2)).</summary>
    public static void FlushFileSystem(this FileDescriptor file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        SystemCallException.Check(Attributes.syncfs(file.Number), "syncfs", path);
    }

    /// <summary>Locks the file (flock(2)) if nobody has it locked; the lock ends with the descriptor.</summary>
    /// <returns>Whether it is locked now.</returns>
    public static bool TryLock(this FileDescriptor file, bool exclusive, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (FileCalls.flock(file.Number, FileCalls.LOCK_NB | (exclusive ? FileCalls.LOCK_EX : FileCalls.LOCK_SH)) == 0) return true;
        SystemCallException failure = SystemCallException.Last("flock", path);
        return failure.Errno is Errno.EAGAIN or Errno.EINTR ? false : throw failure;
    }

    /// <summary>Sets owner and group. This clears set-user-id bits: set the mode after it.</summary>
    public static void SetOwner(this FileDescriptor file, uint uid, uint gid, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Agent is FileAgent agent)
        {
            agent.Do(FileRequest.SetFileOwner, file, path, uid, gid);
            return;
        }

        SystemCallException.Check(Attributes.fchown(file.Number, uid, gid), "chown", path);
    }

    /// <summary>Sets the permissions.</summary>
    public static void SetMode(this FileDescriptor file, uint mode, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Agent is FileAgent agent)
        {
            agent.Do(FileRequest.SetFileMode, file, path, mode);
            return;
        }

        SystemCallException.Check(FileCalls.fchmod(file.Number, mode), "chmod", path);
    }

    /// <summary>Sets when the content changed last.</summary>
    public static void SetTimes(this FileDescriptor file, FileTime modified, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Agent is FileAgent agent)
        {
            agent.Do(FileRequest.SetFileTimes, file, path, modified.Seconds, modified.Nanoseconds);
            return;
        }

        timespec* times = stackalloc timespec[2];
        modified.Fill(times);
        SystemCallException.Check(Attributes.futimens(file.Number, times), "futimens", path);
    }

    /// <summary>Sets an extended attribute.</summary>
    public static void SetXattr(this FileDescriptor file, string name, ReadOnlySpan<byte> value, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Agent is FileAgent agent)
        {
            agent.SetXattr(FileRequest.SetFileXattr, file, path, name, value);
            return;
        }

        fixed (byte* start = value)
        {
            int result = Attributes.fsetxattr(file.Number, name, start, (nuint)value.Length, 0);
            SystemCallException.Check(result, "setxattr " + name, path);
        }
    }
}
