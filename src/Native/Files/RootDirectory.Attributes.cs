using System.Buffers;
using System.Globalization;
using System.Text;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Files;

public sealed unsafe partial class RootDirectory
{
    // XATTR_LIST_MAX and XATTR_SIZE_MAX of limits.h.
    private const int MaximumXattr = 64 * 1024;

    /// <summary>What the file is; a link is described itself.</summary>
    public FileMetadata GetMetadata(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new FileMetadata(ReadStatus(path));
    }

    /// <summary>What the file is, or null where there is none.</summary>
    public FileMetadata? FindMetadata(string path)
    {
        try
        {
            return GetMetadata(path);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>What the file is, links followed inside the root.</summary>
    public FileMetadata GetTargetMetadata(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileDescriptor file = Resolve(path, FileCalls.O_PATH, 0, "stat");
        return file.GetMetadata(path);
    }

    /// <summary>Sets owner and group; of a link, its own. It clears set-user-id bits: set the mode after it.</summary>
    public void SetOwner(string path, uint uid, uint gid)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.SetOwner, root, path, uid, gid);
            return;
        }

        using RootPlace place = Locate(path, "chown", whole: true);
        Check(Entries.fchownat(place.Parent, place.Name, uid, gid, FileCalls.AT_SYMLINK_NOFOLLOW), "chown", path);
    }

    /// <summary>Sets the permissions; a link, which has none, is EOPNOTSUPP (CVE-2021-32760).</summary>
    public void SetMode(string path, uint mode)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.SetMode, root, path, mode);
            return;
        }

        using RootPlace place = Locate(path, "chmod", whole: true);
        Check(Entries.fchmodat(place.Parent, place.Name, mode, FileCalls.AT_SYMLINK_NOFOLLOW), "chmod", path);
    }

    /// <summary>Sets when the content changed last; of a link, its own.</summary>
    public void SetTimes(string path, FileTime modified)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.SetTimes, root, path, modified.Seconds, modified.Nanoseconds);
            return;
        }

        using RootPlace place = Locate(path, "utimensat", whole: true);
        timespec* times = stackalloc timespec[2];
        modified.Fill(times);
        Check(
            Entries.utimensat(place.Parent, place.Name, times, FileCalls.AT_SYMLINK_NOFOLLOW), "utimensat", path);
    }

    /// <summary>Sets an extended attribute; of a link, its own.</summary>
    public void SetXattr(string path, string name, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.SetXattr(FileRequest.SetXattr, root, path, name, value);
            return;
        }

        using FileDescriptor file = OpenItself(path, "setxattr");
        fixed (byte* start = value)
        {
            Check(
                Attributes.setxattr(MagicPath(file), name, start, (nuint)value.Length, 0), "setxattr " + name, path);
        }
    }

    /// <summary>The extended attributes; of a link, its own. A file system without them has none.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> GetXattrs(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null) return agent.GetXattrs(root, path);
        using FileDescriptor file = OpenItself(path, "listxattr");
        string magic = MagicPath(file);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaximumXattr);
        try
        {
            nint length;
            fixed (byte* start = buffer)
            {
                length = Attributes.listxattr(magic, start, MaximumXattr);
            }

            if (length == 0) return [];
            if (length < 0 && SystemCallException.Last("listxattr", path) is var failure)
                return failure.Errno == Errno.EOPNOTSUPP ? [] : throw failure;
            List<KeyValuePair<string, byte[]>> result = [];
            foreach (string name in Encoding.UTF8.GetString(buffer, 0, (int)length - 1).Split('\0'))
            {
                fixed (byte* start = buffer)
                {
                    length = Attributes.getxattr(magic, name, start, MaximumXattr);
                }

                if (length >= 0) result.Add(new KeyValuePair<string, byte[]>(name, buffer[..(int)length]));
            }

            return result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal FileStatus ReadStatus(string path)
    {
        if (agent is not null) return agent.GetStatus(root, path);
        using RootPlace place = Locate(path, "stat", whole: true);
        FileStatus status;
        Check(Status(place, &status), "stat", path);
        return status;
    }

    private FileDescriptor OpenItself(string path, string operation)
    {
        using RootPlace place = Locate(path, operation, whole: true);
        int fd = Entries.openat(place.Parent, place.Name, FileCalls.O_PATH | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
        Check(fd, operation, path);
        return new FileDescriptor(fd);
    }

    // xattr(7) calls take no O_PATH descriptor; the magic link of one leads to the very file, a link included.
    private static string MagicPath(FileDescriptor file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Number}");

    private static int Status(in RootPlace place, FileStatus* status) => Entries.statx(
        place.Parent,
        place.Name,
        FileCalls.AT_SYMLINK_NOFOLLOW,
        FileStatus.STATX_BASIC_STATS | FileStatus.STATX_MNT_ID,
        status);
}
