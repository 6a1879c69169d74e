using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Files and directories: open(2), read(2), mkdir(2), rename(2), stat(2) and their *at forms.</summary>
internal static unsafe partial class FileCalls
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_EACCESS = 0x200;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_SYMLINK_FOLLOW = 0x400;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int AT_RECURSIVE = 0x8000;

    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public static int O_DIRECTORY => X86Base.X64.IsSupported ? 0x10000 : 0x4000;
    public static int O_NOFOLLOW => X86Base.X64.IsSupported ? 0x20000 : 0x8000;
    public const int O_NOATIME = 0x40000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public const uint S_IFMT = 0xF000;
    public const uint S_IFSOCK = 0xC000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFIFO = 0x1000;

    public const int LOCK_SH = 1;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    public const int F_GETFD = 1;
    public const int F_SETFD = 2;
    public const int F_GETFL = 3;
    public const int F_SETFL = 4;
    public const int F_DUPFD_CLOEXEC = 1030;

    public static int SEEK_SET => LibC.SEEK_SET;
    public static int SEEK_CUR => LibC.SEEK_CUR;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;

    public const uint RENAME_NOREPLACE = 1;
    public const uint RENAME_EXCHANGE = 2;

    public static int openat(int directory, string path, int flags, uint mode)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.openat(directory, name.Start, flags, mode);
    }

    public static nint read(int fd, void* buffer, nuint count) =>
        (nint)(long)LibC.read(fd, buffer, (size_t)(ulong)count);

    public static nint write(int fd, void* buffer, nuint count) =>
        (nint)(long)LibC.write(fd, buffer, (size_t)(ulong)count);

    public static int close(int fd) => LibC.close(fd);

    public static long lseek(int fd, long offset, int whence) => LibC.lseek(fd, offset, whence);

    public static int fsync(int fd) => LibC.fsync(fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(int fd, int operation);

    public static int pipe2(int* ends, int flags) => LibC.pipe2(ends, flags);

    public static int dup3(int fd, int target, int flags) => LibC.dup3(fd, target, flags);

    public static int fcntl(int fd, int command, nint argument) => LibC.fcntl(fd, command, (void*)argument);

    public static int mkdirat(int directory, string path, uint mode)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.mkdirat(directory, name.Start, mode);
    }

    public static int unlinkat(int directory, string path, int flags)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.unlinkat(directory, name.Start, flags);
    }

    public static int renameat2(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags)
    {
        using CText oldName = new(oldPath, stackalloc byte[CText.BufferSize]);
        using CText newName = new(newPath, stackalloc byte[CText.BufferSize]);
        return Entries.renameat2(oldDirectory, oldName.Start, newDirectory, newName.Start, flags);
    }

    public static int symlinkat(string target, int directory, string path)
    {
        using CText text = new(target, stackalloc byte[CText.BufferSize]);
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.symlinkat(text.Start, directory, name.Start);
    }

    public static int linkat(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags)
    {
        using CText oldName = new(oldPath, stackalloc byte[CText.BufferSize]);
        using CText newName = new(newPath, stackalloc byte[CText.BufferSize]);
        return Entries.linkat(oldDirectory, oldName.Start, newDirectory, newName.Start, flags);
    }

    public static int mknodat(int directory, string path, uint mode, ulong device)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.mknodat(directory, name.Start, mode, device);
    }

    public static int fchownat(int directory, string path, uint uid, uint gid, int flags)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.fchownat(directory, name.Start, uid, gid, flags);
    }

    public static int fchmod(int fd, uint mode) => LibC.fchmod(fd, (ushort)mode);

    public static nint readlinkat(int directory, string path, byte* buffer, nuint size)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.readlinkat(directory, name.Start, buffer, size);
    }

    public static int statx(int directory, string path, int flags, uint mask, FileStatus* result)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return Entries.statx(directory, name.Start, flags, mask, result);
    }

    /// <summary>Opens a host path, close-on-exec always; EINTR is tried again.</summary>
    public static FileDescriptor Open(string path, int flags, uint mode = 0, FileDescriptor? directory = null) =>
        new(SystemCallException.Check(OpenNumber(path, flags, mode, directory), "open", path));

    /// <summary>The same; null where there is nothing.</summary>
    public static FileDescriptor? TryOpen(string path, int flags)
    {
        int fd = OpenNumber(path, flags, 0, null);
        if (fd >= 0) return new FileDescriptor(fd);
        SystemCallException failure = SystemCallException.Last("open", path);
        return failure.Errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw failure;
    }

    private static int OpenNumber(string path, int flags, uint mode, FileDescriptor? directory)
    {
        int fd;
        do
        {
            fd = openat(directory?.Number ?? AT_FDCWD, path, flags | O_CLOEXEC, mode);
        }
        while (fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return fd;
    }

    /// <summary>Whether a host path leads to a directory.</summary>
    public static bool IsDirectory(string path)
    {
        FileStatus status;
        SystemCallException.Check(statx(AT_FDCWD, path, 0, FileStatus.STATX_BASIC_STATS, &status), "statx", path);
        return status.Type == S_IFDIR;
    }

    /// <summary>The content of the link at <paramref name="path"/>, or null where there is no link.</summary>
    public static string? ReadLink(string path)
    {
        const int PathSize = 4096;

        byte* buffer = stackalloc byte[PathSize];
        nint length = readlinkat(AT_FDCWD, path, buffer, PathSize);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    /// <summary>Whether a host path names something; a symbolic link counts itself.</summary>
    public static bool Exists(string path)
    {
        FileStatus status;
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &status) == 0;
    }

    /// <summary>Reads the whole of an open file, up to <paramref name="limit"/> bytes; more is EFBIG.</summary>
    public static byte[] ReadAll(FileDescriptor file, int limit, string path)
    {
        // Most files that are read are a line of the kernel's, and one start reads a dozen.
        Span<byte> few = stackalloc byte[1024];
        Span<byte> buffer = few[..(Math.Min(limit, few.Length - 1) + 1)];
        int length = 0;
        while (true)
        {
            // One byte more than the limit, to tell a file of just that length from a longer one.
            if (length > limit) throw new SystemCallException("read", path, Errno.EFBIG);
            if (length == buffer.Length)
            {
                byte[] larger = new byte[Math.Min(buffer.Length * 4L, limit + 1L)];
                buffer.CopyTo(larger);
                buffer = larger;
            }

            nint count;
            fixed (byte* start = buffer)
            {
                count = read(file.Number, start + length, (nuint)(buffer.Length - length));
            }

            if (count < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR) continue;
            if (SystemCallException.Check(count, "read", path) == 0) break;
            length += (int)count;
        }

        return buffer[..length].ToArray();
    }

    /// <summary>Writes all of <paramref name="data"/>, whatever the kernel takes at a time.</summary>
    public static void WriteAll(int fd, ReadOnlySpan<byte> data, string path)
    {
        while (!data.IsEmpty)
        {
            nint count;
            fixed (byte* start = data)
            {
                count = write(fd, start, (nuint)data.Length);
            }

            if (count < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR) continue;
            data = data[(int)SystemCallException.Check(count, "write", path)..];
        }
    }
}
