using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// <c>tmpcopyup</c>: what the root has at a target, copied into the file system that will cover it. It is the child that
/// copies, because it has the ids the files are to have.
/// </summary>
internal static unsafe partial class LaunchRunner
{
    private const int DeepestCopy = 40;
    private const int EntriesSize = 2048;

    // struct linux_dirent64: d_reclen and d_name.
    private const int EntryLength = 16;
    private const int EntryName = 19;

    /// <summary>The permissions of a directory to the root of a mount; nothing where there is no directory.</summary>
    private static long CopyMode(int directory, int mount)
    {
        if (directory < 0) return 0;
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(directory, status);
        if (result < 0) return result;
        byte* dot = stackalloc byte[2];
        Dot(dot);
        return RawCall.Invoke(SystemCallNumber.fchmodat, mount, (nint)dot, status->Mode & 0xFFF, 0, 0, 0);
    }

    private static long CopyUp(int source, int mount)
    {
        byte* dot = stackalloc byte[2];
        Dot(dot);
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(source, status);
        if (result >= 0) result = CopyEntries(source, dot, mount, dot, DeepestCopy);
        if (result >= 0) CopyAttributes(mount, dot, status);
        return result;
    }

    private static long CopyEntries(int source, byte* name, int target, byte* copy, int depth)
    {
        if (depth == 0) return -(long)Errno.ELOOP;
        nint flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        long from = RawCall.Invoke(SystemCallNumber.openat, source, (nint)name, flags, 0, 0, 0);
        if (from < 0) return from;
        long to = RawCall.Invoke(SystemCallNumber.openat, target, (nint)copy, flags, 0, 0, 0);
        long result = to < 0 ? to : CopyOpened((int)from, (int)to, depth);
        RawCall.Invoke(SystemCallNumber.close, (nint)from, 0, 0, 0, 0, 0);
        if (to >= 0) RawCall.Invoke(SystemCallNumber.close, (nint)to, 0, 0, 0, 0, 0);
        return result;
    }

    private static long CopyOpened(int from, int to, int depth)
    {
        // What is mounted below comes along, but not what the kernel makes up when it is read.
        if (!IsStored(from)) return 0;
        byte* entries = stackalloc byte[EntriesSize];
        while (true)
        {
            long length = RawCall.Invoke(
                SystemCallNumber.getdents64, from, (nint)entries, EntriesSize, 0, 0, 0);
            if (length <= 0) return length;
            for (long offset = 0; offset < length; offset += *(ushort*)(entries + offset + EntryLength))
            {
                byte* name = entries + offset + EntryName;
                bool isSelf = name[0] == (byte)'.' && (name[1] == 0 || (name[1] == (byte)'.' && name[2] == 0));
                long result = isSelf ? 0 : CopyEntry(from, to, name, depth);
                if (result < 0) return result;
            }
        }
    }

    private static long CopyEntry(int from, int to, byte* name, int depth)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long result = RawCall.Invoke(
            SystemCallNumber.statx, from, (nint)name, FileCalls.AT_SYMLINK_NOFOLLOW,
            (nint)FileStatus.STATX_BASIC_STATS, (nint)status, 0);
        if (result < 0) return result;
        uint type = status->Mode & FileCalls.S_IFMT;
        if (type == FileCalls.S_IFDIR)
        {
            result = RawCall.Invoke(SystemCallNumber.mkdirat, to, (nint)name, 0x1C0, 0, 0, 0);
            if (result >= 0) result = CopyEntries(from, name, to, name, depth - 1);
        }
        else if (type == FileCalls.S_IFREG)
        {
            result = CopyFile(from, to, name);
        }
        else if (type == FileCalls.S_IFLNK)
        {
            result = CopyLink(from, to, name);
        }
        else
        {
            nint device = (nint)FileNumbers.MakeDevice(status->SpecialMajor, status->SpecialMinor);
            result = RawCall.Invoke(SystemCallNumber.mknodat, to, (nint)name, status->Mode, device, 0, 0);

            // A user namespace makes no devices (mknod(2)): they are left out.
            if (result == -(long)Errno.EPERM) return 0;
        }

        if (result >= 0) CopyAttributes(to, name, status);
        return result < 0 ? result : 0;
    }

    private static long CopyFile(int from, int to, byte* name)
    {
        const nint Most = 0x7FFFF000;

        nint reading = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC;
        long source = RawCall.Invoke(SystemCallNumber.openat, from, (nint)name, reading, 0, 0, 0);
        if (source < 0) return source;
        nint making = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        long target = RawCall.Invoke(SystemCallNumber.openat, to, (nint)name, making, 0x180, 0, 0);
        long result = target < 0 ? target : 1;
        while (result > 0)
        {
            result = RawCall.Invoke(SystemCallNumber.sendfile, (nint)target, (nint)source, 0, Most, 0, 0);
        }

        RawCall.Invoke(SystemCallNumber.close, (nint)source, 0, 0, 0, 0, 0);
        if (target >= 0) RawCall.Invoke(SystemCallNumber.close, (nint)target, 0, 0, 0, 0, 0);
        return result;
    }

    private static long CopyLink(int from, int to, byte* name)
    {
        byte* content = stackalloc byte[PathSize];
        long length = RawCall.Invoke(
            SystemCallNumber.readlinkat, from, (nint)name, (nint)content, PathSize - 1, 0, 0);
        if (length < 0) return length;
        content[length] = 0;
        return RawCall.Invoke(SystemCallNumber.symlinkat, (nint)content, to, (nint)name, 0, 0, 0);
    }

    // The owner first, a change of it clears set-user-ID. Errors are no failure: an owner without an id in the user
    // namespace cannot be given, and then root of the container has the file.
    private static void CopyAttributes(int directory, byte* name, FileStatus* status)
    {
        RawCall.Invoke(
            SystemCallNumber.fchownat, directory, (nint)name, (nint)status->Uid, (nint)status->Gid,
            FileCalls.AT_SYMLINK_NOFOLLOW, 0);
        if ((status->Mode & FileCalls.S_IFMT) != FileCalls.S_IFLNK)
        {
            RawCall.Invoke(
                SystemCallNumber.fchmodat, directory, (nint)name, status->Mode & 0xFFF, 0, 0, 0);
        }

        long* times = stackalloc long[4];
        times[0] = status->AccessTime.Seconds;
        times[1] = status->AccessTime.Nanoseconds;
        times[2] = status->ModifyTime.Seconds;
        times[3] = status->ModifyTime.Nanoseconds;
        RawCall.Invoke(
            SystemCallNumber.utimensat, directory, (nint)name, (nint)times, FileCalls.AT_SYMLINK_NOFOLLOW, 0, 0);
    }

    private static void Dot(byte* text)
    {
        text[0] = (byte)'.';
        text[1] = 0;
    }
}
