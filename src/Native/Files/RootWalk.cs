using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// Paths resolved as if a directory were the root: openat2(2) with RESOLVE_IN_ROOT where the kernel has it, else
/// component by component (<see cref="RootWalker"/>). This is the core of RootDirectory, written so that it can run
/// after clone: no allocation, exception, string literal or static state.
/// </summary>
internal static unsafe class RootWalk
{

    // openat2 answers EAGAIN when anything on the host is renamed while it follows "..", so a few are no attack.
    private const int Retries = 128;

    /// <summary>Opens <paramref name="path"/> inside <paramref name="root"/>; the descriptor or -errno.</summary>
    /// <param name="root">A descriptor of the directory that is the root of the resolution.</param>
    /// <param name="path">The path, NUL-terminated; absolute or not, it starts at the root.</param>
    /// <param name="flags">As for open(2); O_CLOEXEC is added.</param>
    /// <param name="mode">Permissions of a file that O_CREAT makes.</param>
    /// <param name="walk">1 to do without openat2.</param>
    public static int Open(int root, byte* path, ulong flags, ulong mode, int walk)
    {
        if (walk == 0)
        {
            int result = OpenInRoot(root, path, flags, mode);
            if (result != -(int)Errno.ENOSYS && result != -(int)Errno.EAGAIN) return result;
        }

        return Walk(root, path, flags, (uint)mode, 0);
    }

    /// <summary>
    /// Opens directory <paramref name="path"/> inside <paramref name="root"/> and makes what is missing of it, each
    /// component with mkdirat(2) on the descriptor of its parent: a name is never resolved twice (CVE-2024-45310).
    /// </summary>
    /// <returns>An O_PATH descriptor of the directory, or -errno.</returns>
    public static int MakeDirectories(int root, byte* path, uint mode, int walk)
    {
        if (walk == 0)
        {
            int found = OpenInRoot(root, path, FileCalls.O_PATH, 0);
            if (found >= 0) return OnlyDirectory(found);
            if (found != -(int)Errno.ENOENT && found != -(int)Errno.ENOSYS && found != -(int)Errno.EAGAIN) return found;
        }

        return Walk(root, path, FileCalls.O_PATH, mode, 1);
    }

    private static int OpenInRoot(int root, byte* path, ulong flags, ulong mode)
    {
        // struct open_how: flags, mode, resolve. A mode without O_CREAT is EINVAL.
        ulong* how = stackalloc ulong[3];
        how[0] = flags | FileCalls.O_CLOEXEC;
        how[1] = (flags & FileCalls.O_CREAT) == 0 ? 0 : mode;
        how[2] = OpenHow.RESOLVE_IN_ROOT | OpenHow.RESOLVE_NO_MAGICLINKS;
        int result = -(int)Errno.EAGAIN;
        for (int i = 0; i < Retries && (result == -(int)Errno.EAGAIN || result == -(int)Errno.EINTR); i++)
        {
            result = (int)RawCall.Invoke(
                SystemCallNumber.openat2, root, (nint)path, (nint)how, 3 * sizeof(ulong));
        }

        return result;
    }

    private static int Walk(int root, byte* path, ulong flags, uint mode, int create)
    {
        byte* buffer = stackalloc byte[RootWalker.BufferSize];
        byte* link = stackalloc byte[RootWalker.PathSize];
        ulong* trail = stackalloc ulong[2 * (RootWalker.MaximumDepth + 1)];
        RootWalker* walker = stackalloc RootWalker[1];
        walker->Root = root;
        walker->Buffer = buffer;
        walker->Link = link;
        walker->Trail = trail;
        walker->Flags = flags;
        walker->Mode = mode;
        walker->Create = create;
        int result = -(int)Errno.EAGAIN;
        for (int i = 0; i < Retries && result == -(int)Errno.EAGAIN; i++)
        {
            result = RootWalker.Run(walker, path);
        }

        return result;
    }

    private static int OnlyDirectory(int fd)
    {
        byte empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        int result = RawFiles.Status(fd, &empty, FileCalls.AT_EMPTY_PATH, status);
        if (result == 0 && (status->Mode & FileCalls.S_IFMT) != FileCalls.S_IFDIR) result = -(int)Errno.ENOTDIR;
        if (result == 0) return fd;
        RawFiles.Close(fd);
        return result;
    }
}
