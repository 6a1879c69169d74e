using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// One resolution of a path inside a root without openat2(2), in buffers the caller owns.
/// <para>
/// Every step opens one name with O_PATH | O_NOFOLLOW below a directory that was itself reached that way; the text of
/// a symbolic link is put in front of what is left, and an absolute one starts again at the root. The only step that
/// could leave the root is "..", when somebody moves a directory away meanwhile: the directory it leads to must be the
/// one the walk came through, by device and inode, else the walk starts again (EAGAIN).
/// </para>
/// </summary>
internal unsafe struct RootWalker
{
    /// <summary>PATH_MAX: the longest path or link text.</summary>
    public const int PathSize = 4096;

    /// <summary>Room for a path and the link texts that are put in front of it.</summary>
    public const int BufferSize = 4 * PathSize;

    /// <summary>How many directories deep a walk may be.</summary>
    public const int MaximumDepth = PathSize / 2;

    private const int MaximumLinks = 40;
    private const long PROC_SUPER_MAGIC = 0x9FA0;

    // O_NOFOLLOW and O_DIRECTORY of x86-64 and of arm64 in one: what the other architecture calls O_NOFOLLOW is here
    // O_LARGEFILE, which a 64-bit kernel sets anyway, and what it calls O_DIRECTORY is O_DIRECT, which openat(2)
    // ignores together with O_PATH.
    private const ulong NoFollow = 0x28000;
    private const ulong DirectoryOnly = 0x14000;
    private const ulong Step = FileCalls.O_PATH | NoFollow | DirectoryOnly;

    public int Root;
    public int Create;
    public uint Mode;
    public ulong Flags;
    public byte* Buffer;
    public byte* Link;
    public ulong* Trail;

    private int current;
    private int depth;
    private int links;
    private byte* rest;

    /// <summary>Resolves a path; the descriptor or -errno, -EAGAIN when it raced with a rename.</summary>
    public static int Run(RootWalker* walker, byte* path)
    {
        int length = 0;
        while (path[length] != 0 && length < PathSize) length++;
        if (length == 0) return -(int)Errno.ENOENT;
        if (length == PathSize) return -(int)Errno.ENAMETOOLONG;
        walker->current = walker->Root;
        walker->depth = 0;
        walker->links = 0;
        walker->rest = walker->Buffer + BufferSize - length - 1;
        for (int i = 0; i <= length; i++) walker->rest[i] = path[i];
        int result = Remember(walker, walker->Root);
        if (result == 0) result = Resolve(walker);
        Leave(walker);
        return result;
    }

    private static int Resolve(RootWalker* walker)
    {
        while (true)
        {
            while (*walker->rest == '/') walker->rest++;
            byte* name = walker->rest;
            if (*name == 0) return Arrive(walker);
            byte* end = name;
            while (*end != 0 && *end != '/') end++;
            byte separator = *end;
            *end = 0;
            int result;
            if (name[0] == '.' && name[1] == 0)
            {
                walker->rest = end;
                result = 0;
            }
            else if (name[0] == '.' && name[1] == '.' && name[2] == 0)
            {
                walker->rest = end;
                result = Ascend(walker, name);
            }
            else if (separator != 0 || walker->Create != 0)
            {
                result = Descend(walker, name, end, separator);
            }
            else
            {
                int opened = OpenLast(walker, name, end);
                if (opened != -(int)Errno.EINPROGRESS) return opened;
                result = 0;
            }

            if (walker->rest == end) *end = separator;
            if (result < 0) return result;
        }
    }

    // The path ends at the directory the walk stands in: the root itself, or after a slash, "." or "..".
    private static int Arrive(RootWalker* walker)
    {
        byte* self = stackalloc byte[2];
        self[0] = (byte)'.';
        self[1] = 0;
        return RawFiles.Open(walker->current, self, walker->Flags | NoFollow, walker->Mode);
    }

    private static int Ascend(RootWalker* walker, byte* name)
    {
        if (walker->depth == 0) return 0;
        int parent = RawFiles.Open(walker->current, name, Step, 0);
        if (parent < 0) return parent;
        byte empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        int result = RawFiles.Status(parent, &empty, FileCalls.AT_EMPTY_PATH, status);
        ulong* expected = walker->Trail + (2 * (walker->depth - 1));
        if (result == 0 && (expected[0] != Device(status) || expected[1] != status->Inode))
            result = -(int)Errno.EAGAIN;
        if (result < 0)
        {
            RawFiles.Close(parent);
            return result;
        }

        Leave(walker);
        walker->current = parent;
        walker->depth--;
        return 0;
    }

    private static int Descend(RootWalker* walker, byte* name, byte* end, byte separator)
    {
        int child = RawFiles.Open(walker->current, name, Step, 0);
        if (child == -(int)Errno.ENOENT && walker->Create != 0)
        {
            int made = RawFiles.MakeDirectory(walker->current, name, walker->Mode);
            if (made < 0 && made != -(int)Errno.EEXIST) return made;
            child = RawFiles.Open(walker->current, name, Step, 0);
            if (child == -(int)Errno.ENOENT) return -(int)Errno.EAGAIN;
        }

        if (child == -(int)Errno.ENOTDIR)
        {
            int link = RawFiles.Open(walker->current, name, FileCalls.O_PATH | NoFollow, 0);
            if (link < 0) return link == -(int)Errno.ENOENT ? -(int)Errno.EAGAIN : link;
            int length = ReadLink(walker, link);
            RawFiles.Close(link);
            if (length < 0) return length == -(int)Errno.EINVAL ? -(int)Errno.ENOTDIR : length;
            *end = separator;
            return Follow(walker, end, length);
        }

        if (child < 0) return child;
        if (walker->depth == MaximumDepth)
        {
            RawFiles.Close(child);
            return -(int)Errno.ENAMETOOLONG;
        }

        Leave(walker);
        walker->current = child;
        walker->depth++;
        walker->rest = end;
        return Remember(walker, child);
    }

    // The descriptor or -errno; -EINPROGRESS when the name was a link whose text is now in front of the rest.
    private static int OpenLast(RootWalker* walker, byte* name, byte* end)
    {
        ulong flags = walker->Flags;
        int found = RawFiles.Open(walker->current, name, FileCalls.O_PATH | NoFollow, 0);
        if (found == -(int)Errno.ENOENT && (flags & FileCalls.O_CREAT) != 0) return OpenName(walker, name);
        if (found < 0) return found;
        int length = ReadLink(walker, found);
        if (length == -(int)Errno.EINVAL)
        {
            if ((flags & FileCalls.O_PATH) != 0) return OnlyAsked(found, flags);
            RawFiles.Close(found);
            return OpenName(walker, name);
        }

        if ((flags & NoFollow) != 0 && (flags & FileCalls.O_PATH) != 0) return OnlyAsked(found, flags);
        RawFiles.Close(found);
        if ((flags & (FileCalls.O_CREAT | FileCalls.O_EXCL)) == (FileCalls.O_CREAT | FileCalls.O_EXCL)) return -(int)Errno.EEXIST;
        if ((flags & NoFollow) != 0) return -(int)Errno.ELOOP;
        if (length < 0) return length;
        int result = Follow(walker, end, length);
        return result < 0 ? result : -(int)Errno.EINPROGRESS;
    }

    private static int OpenName(RootWalker* walker, byte* name)
    {
        int fd = RawFiles.Open(walker->current, name, walker->Flags | NoFollow, walker->Mode);

        // It was no link a moment ago.
        return fd == -(int)Errno.ELOOP ? -(int)Errno.EAGAIN : fd;
    }

    private static int OnlyAsked(int fd, ulong flags)
    {
        if ((flags & DirectoryOnly) == 0) return fd;
        byte empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        int result = RawFiles.Status(fd, &empty, FileCalls.AT_EMPTY_PATH, status);
        if (result == 0 && (status->Mode & FileCalls.S_IFMT) != FileCalls.S_IFDIR) result = -(int)Errno.ENOTDIR;
        if (result == 0) return fd;
        RawFiles.Close(fd);
        return result;
    }

    // The text goes to walker->Link. -EINVAL: not a link; -ELOOP: a magic link of procfs, as RESOLVE_NO_MAGICLINKS.
    private static int ReadLink(RootWalker* walker, int fd)
    {
        byte empty = 0;
        int length = RawFiles.ReadLink(fd, &empty, walker->Link, PathSize);

        // readlinkat(2) with an empty path says ENOENT of what is not a link.
        if (length == -(int)Errno.ENOENT) return -(int)Errno.EINVAL;
        if (length < 0) return length;
        if (length == 0) return -(int)Errno.ENOENT;
        if (length == PathSize) return -(int)Errno.ENAMETOOLONG;
        long* system = stackalloc long[32];
        int result = RawFiles.FileSystem(fd, system);
        if (result < 0) return result;
        return system[0] == PROC_SUPER_MAGIC && IsMagic(walker->Link, length) ? -(int)Errno.ELOOP : length;
    }

    // The ordinary links of procfs (self, thread-self, mounts, net) are relative; the magic ones show an absolute
    // path, "(unreachable)…" or "type:[inode]".
    private static bool IsMagic(byte* text, int length)
    {
        if (text[0] == '/' || text[0] == '(') return true;
        for (int i = 0; i < length; i++)
        {
            if (text[i] == ':') return true;
        }

        return false;
    }

    private static int Follow(RootWalker* walker, byte* end, int length)
    {
        if (++walker->links > MaximumLinks) return -(int)Errno.ELOOP;
        byte* start = end - length;
        if (start < walker->Buffer) return -(int)Errno.ENAMETOOLONG;
        for (int i = 0; i < length; i++) start[i] = walker->Link[i];
        walker->rest = start;
        if (*start != '/') return 0;
        Leave(walker);
        walker->current = walker->Root;
        walker->depth = 0;
        return 0;
    }

    private static int Remember(RootWalker* walker, int fd)
    {
        byte empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        int result = RawFiles.Status(fd, &empty, FileCalls.AT_EMPTY_PATH, status);
        if (result < 0) return result;
        if ((status->Mode & FileCalls.S_IFMT) != FileCalls.S_IFDIR) return -(int)Errno.ENOTDIR;
        walker->Trail[2 * walker->depth] = Device(status);
        walker->Trail[(2 * walker->depth) + 1] = status->Inode;
        return 0;
    }

    private static ulong Device(FileStatus* status) => ((ulong)status->DeviceMajor << 32) | status->DeviceMinor;

    private static void Leave(RootWalker* walker)
    {
        if (walker->current != walker->Root) RawFiles.Close(walker->current);
        walker->current = walker->Root;
    }
}
