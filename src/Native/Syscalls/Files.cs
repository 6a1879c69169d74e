using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Container.Native.Syscalls;

/// <summary>Files and directories: open(2), read(2), mkdir(2), rename(2), stat(2) and their *at forms.</summary>
internal static unsafe partial class Files
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
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

    public const int SEEK_SET = 0;
    public const int SEEK_CUR = 1;

    public const uint RENAME_NOREPLACE = 1;
    public const uint RENAME_EXCHANGE = 2;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int openat(int directory, string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsync(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(int fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup3(int fd, int target, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdirat(int directory, string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlinkat(int directory, string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int renameat2(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int symlinkat(string target, int directory, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int linkat(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mknodat(int directory, string path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int fchownat(int directory, string path, uint uid, uint gid, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int fd, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint readlinkat(int directory, string path, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int directory, string path, int flags, uint mask, FileStatus* result);

    /// <summary>Opens a host path, close-on-exec always; EINTR is tried again.</summary>
    public static FileDescriptor Open(string path, int flags, uint mode = 0, FileDescriptor? directory = null)
    {
        int fd;
        do
        {
            fd = openat(directory?.Number ?? AT_FDCWD, path, flags | O_CLOEXEC, mode);
        }
        while (fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return new FileDescriptor(SystemCallException.Check(fd, "open", path));
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
        byte[] buffer = new byte[Math.Min(limit, 4095) + 1];
        int length = 0;
        while (true)
        {
            // One byte more than the limit, to tell a file of just that length from a longer one.
            if (length > limit) throw new SystemCallException("read", path, Errno.EFBIG);
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 4, limit + 1L));

            nint count;
            fixed (byte* start = buffer)
            {
                count = read(file.Number, start + length, (nuint)(buffer.Length - length));
            }

            if (count < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR) continue;
            if (SystemCallException.Check(count, "read", path) == 0) break;
            length += (int)count;
        }

        return buffer[..length];
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
