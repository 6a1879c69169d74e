using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Files;

public sealed unsafe partial class RootDirectory
{
    // What lies deeper is first moved up, so that a tree of any depth needs this many descriptors and no more.
    private const int MaximumDepth = 48;

    // How often a directory that fills up again while it is emptied is read again.
    private const int MaximumPasses = 16;

    /// <summary>
    /// Removes a file, or a directory with all it holds; what is missing is no error. Links are removed, never
    /// followed, and what is mounted below is left alone: EBUSY.
    /// </summary>
    public void Remove(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.Remove, root, path);
            return;
        }

        using RootPlace place = Locate(path, "unlink");
        FileStatus status;
        if (Status(place, &status) < 0)
        {
            SystemCallException failure = SystemCallException.Last("unlink", path);
            if (failure.Errno == Errno.ENOENT) return;
            throw failure;
        }

        new Removal(new FileMetadata(status).MountId, path).Remove(place.Parent, place.Name, 0);
    }

    /// <summary>Removes a directory that holds nothing; false if it holds something. What is missing is no error.</summary>
    public bool RemoveIfEmpty(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null) return agent.Find(FileRequest.RemoveIfEmpty, root, path);
        using RootPlace place = Locate(path, "rmdir");
        if (Entries.unlinkat(place.Parent, place.Name, FileCalls.AT_REMOVEDIR) == 0) return true;
        SystemCallException failure = SystemCallException.Last("rmdir", path);
        return failure.Errno switch
        {
            Errno.ENOENT => true,
            Errno.ENOTEMPTY or Errno.EEXIST => false,
            _ => throw failure,
        };
    }

    /// <summary>Removes what the directory holds, and keeps the directory.</summary>
    public void Clear(string path)
    {
        foreach (RootEntry entry in Enumerate(path)) Remove(path + "/" + entry.Name);
    }

    private ref struct Removal(ulong mountId, string path)
    {
        private const uint Private = 0x1C0;

        private int top;
        private int moved;

        public void Remove(int directory, byte* name, int depth)
        {
            for (int pass = 0; pass < MaximumPasses; pass++)
            {
                if (Entries.unlinkat(directory, name, 0) == 0) return;
                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.ENOENT) return;
                if (errno == Errno.EACCES && depth > 0 && MakeWritable(directory)) continue;
                if (errno != Errno.EISDIR) throw new SystemCallException("unlink", path, errno);
                if (Entries.unlinkat(directory, name, FileCalls.AT_REMOVEDIR) == 0) return;
                errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.ENOENT) return;
                if (errno is not (Errno.ENOTEMPTY or Errno.EEXIST)) throw new SystemCallException("rmdir", path, errno);

                // What was moved up out of the depth is progress: the directory is read again without counting.
                int before = moved;
                Empty(directory, name, depth);
                if (depth == 0 && moved > before) pass = 0;
            }

            throw new SystemCallException("rmdir", path, Errno.ENOTEMPTY);
        }

        private void Empty(int parent, byte* name, int depth)
        {
            using FileDescriptor? directory = OpenNext(parent, name);
            if (directory is null) return;
            if (directory.GetMetadata(path).MountId != mountId)
                throw new SystemCallException("unlink", path, Errno.EBUSY);
            int fd = directory.Number;
            if (depth == 0) top = fd;
            DirectoryReader reader = new(fd);
            try
            {
                while (reader.Next(path))
                {
                    if (depth < MaximumDepth || Entries.unlinkat(fd, reader.Name, 0) != 0 && !MoveUp(fd, reader.Name))
                        Remove(fd, reader.Name, depth + 1);
                }
            }
            finally
            {
                reader.Dispose();
            }
        }

        private readonly FileDescriptor? OpenNext(int parent, byte* name)
        {
            int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
            int fd = Entries.openat(parent, name, flags, 0);

            // Without privilege a directory of mode 0 cannot be read; it is ours and about to go.
            if (fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EACCES
                && Entries.fchmodat(parent, name, Private, FileCalls.AT_SYMLINK_NOFOLLOW) == 0)
            {
                fd = Entries.openat(parent, name, flags, 0);
            }

            if (fd >= 0) return new FileDescriptor(fd);
            Errno errno = (Errno)Marshal.GetLastPInvokeError();
            return errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
                ? null
                : throw new SystemCallException("open", path, errno);
        }

        // Nor can what it holds be removed where its mode forbids that to its owner.
        private static bool MakeWritable(int directory)
        {
            FileStatus status;
            return FileCalls.statx(directory, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status) == 0
                && (status.Mode & Private) != Private && FileCalls.fchmod(directory, Private) == 0;
        }

        private bool MoveUp(int directory, byte* name)
        {
            string target = ".removed-" + Guid.NewGuid().ToString("N");
            byte* text = stackalloc byte[64];
            text[PathText.Encode(target, new Span<byte>(text, 63))] = 0;
            if (Entries.renameat2(directory, name, top, text, FileCalls.RENAME_NOREPLACE) != 0) return false;
            moved++;
            return true;
        }
    }
}
