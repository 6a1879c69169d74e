using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>
/// A verified cgroup directory: its descriptor is known to be on a cgroup file system, and every file in it is opened
/// relative to that, never through a symbolic link.
/// </summary>
internal sealed unsafe class CgroupDirectory : IDisposable
{
    private const long CGROUP_SUPER_MAGIC = 0x27E0EB;
    private const long CGROUP2_SUPER_MAGIC = 0x63677270;
    private const int StatusWords = 32;
    private const int FileLimit = 16 * 1024 * 1024;
    private readonly FileDescriptor descriptor;

    private CgroupDirectory(FileDescriptor descriptor, string path, bool unified)
    {
        this.descriptor = descriptor;
        Path = path;
        Unified = unified;
    }

    public string Path { get; }

    public bool Unified { get; }

    public FileDescriptor Descriptor => descriptor;

    public static CgroupDirectory OpenMount(string mountPoint, bool unified) =>
        Verify(FileCalls.Open(mountPoint, FileCalls.O_PATH | FileCalls.O_DIRECTORY), mountPoint, unified);

    /// <summary>Opens a directory below this one; null where there is none.</summary>
    /// <remarks>
    /// <paramref name="name"/> may have several components: they hold no ".." (<see cref="CgroupPath"/>), and cgroupfs
    /// has no symbolic links.
    /// </remarks>
    public CgroupDirectory? TryOpen(string name)
    {
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        int fd = FileCalls.openat(descriptor.Number, name, flags, 0);
        string path = $"{Path}/{name}";
        if (fd >= 0) return Verify(new FileDescriptor(fd), path, Unified);
        if (LastError is Errno.ENOENT or Errno.ENODEV) return null;
        throw SystemCallException.Last("open", path);
    }

    /// <summary>mkdir; <see cref="Errno.None"/> when it was made.</summary>
    public Errno Make(string name) => FileCalls.mkdirat(descriptor.Number, name, 0x1ED) == 0 ? Errno.None : LastError;

    public Errno RemoveChild(string name) =>
        FileCalls.unlinkat(descriptor.Number, name, FileCalls.AT_REMOVEDIR) == 0 ? Errno.None : LastError;

    /// <summary>The names of the cgroups below; none where this one has been removed since it was opened.</summary>
    public List<string> Subdirectories()
    {
        List<string> names = [];
        try
        {
            using FileDescriptor list = FileCalls.Open(".", FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0, descriptor);
            DirectoryReader reader = new(list.Number);
            try
            {
                while (reader.Next(Path))
                {
                    if (reader.Kind == FileKind.Directory) names.Add(PathText.Decode(reader.Name));
                }
            }
            finally
            {
                reader.Dispose();
            }
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            names.Clear();
        }

        return names;
    }

    public FileDescriptor OpenFile(string file, int flags)
    {
        int fd = FileCalls.openat(descriptor.Number, file, flags | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
        return new FileDescriptor(SystemCallException.Check(fd, "open", $"{Path}/{file}"));
    }

    /// <summary>The text of a file; null where the kernel has none of that name, or has nothing to say in it.</summary>
    public string? TryRead(string file)
    {
        int fd = FileCalls.openat(descriptor.Number, file, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
        if (fd < 0)
        {
            if (LastError is Errno.ENOENT or Errno.ENODEV) return null;
            throw SystemCallException.Last("open", $"{Path}/{file}");
        }

        using FileDescriptor open = new(fd);
        try
        {
            return Encoding.UTF8.GetString(FileCalls.ReadAll(open, FileLimit, file));
        }
        catch (SystemCallException error) when (error.Errno is Errno.EOPNOTSUPP or Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>A file that holds one number, -1 for "max"; null where there is no such file.</summary>
    public long? TryReadNumber(string file) =>
        TryRead(file) is not { } text ? null
        : CgroupText.Number(text) is { } number ? number
        : throw new CgroupException(null, file, $"{Path}/{file} holds '{text.Trim()}' where a number is expected");

    public bool Exists(string file)
    {
        FileStatus status;
        return FileCalls.statx(descriptor.Number, file, FileCalls.AT_SYMLINK_NOFOLLOW, 0, &status) == 0;
    }

    /// <summary>Writes a file in one go, as cgroupfs wants it.</summary>
    public Errno TryWrite(string file, string value)
    {
        int fd = FileCalls.openat(descriptor.Number, file, FileCalls.O_WRONLY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
        if (fd < 0) return LastError;
        Errno result = Put(fd, value);
        _ = FileCalls.close(fd);
        return result;
    }

    public void Write(string file, string value)
    {
        Errno error = TryWrite(file, value);
        if (error != Errno.None) throw new SystemCallException($"write '{value}' to", $"{Path}/{file}", error);
    }

    public void Write(string file, long value) => Write(file, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One write to an open file.</summary>
    public static Errno Put(int fd, string value)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (value.Length * 3 > bytes.Length) bytes = new byte[Encoding.UTF8.GetByteCount(value)];
        int length = Encoding.UTF8.GetBytes(value, bytes);
        nint count;
        do
        {
            fixed (byte* start = bytes)
            {
                count = FileCalls.write(fd, start, (nuint)length);
            }
        }
        while (count < 0 && LastError == Errno.EINTR);

        return count < 0 ? LastError : Errno.None;
    }

    public void Dispose() => descriptor.Dispose();

    private static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    // A limit written to a file that only looks like a cgroup's would be no limit at all.
    private static CgroupDirectory Verify(FileDescriptor descriptor, string path, bool unified)
    {
        long* status = stackalloc long[StatusWords];
        int result = RawFiles.FileSystem(descriptor.Number, status);
        if (result == 0 && status[0] == (unified ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC))
        {
            return new CgroupDirectory(descriptor, path, unified);
        }

        descriptor.Dispose();
        if (result < 0) throw new SystemCallException("fstatfs", path, (Errno)(-result));
        throw new CgroupException(null, null, $"'{path}' is not on a cgroup {(unified ? "v2" : "v1")} file system");
    }
}
