using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>Operations on files that take more than one system call.</summary>
internal static unsafe partial class LaunchRunner
{
    private const int PathSize = 4096;
    private const uint DirectoryMode = 0x1ED;
    private const uint FileMode = 0x1A4;

    /// <summary>An image's /etc/resolv.conf may be a link to what no image has: then that is made, inside the
    /// root.</summary>
    private static long MakeFile(int root, byte* parent, byte* name, int walk)
    {
        const int MostLinks = 40;

        byte* path = stackalloc byte[PathSize * 2];
        byte* target = stackalloc byte[PathSize];
        byte* top = stackalloc byte[2];
        top[0] = (byte)'/';
        top[1] = 0;
        for (int links = 0; links < MostLinks; links++)
        {
            long length = MakeFileOrReadLink(root, parent, name, walk, target);
            if (length <= 0) return length;
            int start = 0;
            if (target[0] != (byte)'/')
            {
                while (parent[start] != 0)
                {
                    if (start == PathSize - 2) return -(long)Errno.ENAMETOOLONG;
                    path[start] = parent[start];
                    start++;
                }

                path[start++] = (byte)'/';
            }

            int slash = start - 1;
            for (int i = 0; i < length; i++)
            {
                if (target[i] == (byte)'/') slash = start + i;
                path[start + i] = target[i];
            }

            path[start + length] = 0;
            if (slash < 0) return -(long)Errno.EINVAL;
            path[slash] = 0;
            parent = slash == 0 ? top : path;
            name = path + slash + 1;
        }

        return -(long)Errno.ELOOP;
    }

    /// <summary>0 if there is a file now, the length of the link that is in its place, or -errno.</summary>
    private static long MakeFileOrReadLink(int root, byte* parent, byte* name, int walk, byte* target)
    {
        int directory = RootWalk.MakeDirectories(root, parent, DirectoryMode, walk);
        if (directory < 0) return directory;

        // O_EXCL: a name that is already there, whatever it is, is left as it is.
        nint flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        long file = RawCall.Invoke(
            SystemCallNumber.openat, directory, (nint)name, flags, (nint)FileMode, 0, 0);
        long length = file != -(long)Errno.EEXIST ? 0 : RawCall.Invoke(
            SystemCallNumber.readlinkat, directory, (nint)name, (nint)target, PathSize - 1, 0, 0);
        RawCall.Invoke(SystemCallNumber.close, directory, 0, 0, 0, 0, 0);
        if (file >= 0) RawCall.Invoke(SystemCallNumber.close, (nint)file, 0, 0, 0, 0, 0);
        if (file == -(long)Errno.EEXIST) return length > 0 ? length : 0;
        return file >= 0 ? 0 : file;
    }

    private static long OpenTarget(int root, byte* path, byte* parent, byte* name, int walk, int mount)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(mount, status);
        if (result < 0) return result;
        if ((status->Mode & FileCalls.S_IFMT) == FileCalls.S_IFDIR) return RootWalk.MakeDirectories(root, path, DirectoryMode, walk);
        result = MakeFile(root, parent, name, walk);
        return result < 0 ? result : RootWalk.Open(root, path, FileCalls.O_PATH | FileCalls.O_CLOEXEC, 0, walk);
    }

    private static long MakeTarget(int directory, byte* name, int mount)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(mount, status);
        if (result < 0) return result;
        return (status->Mode & FileCalls.S_IFMT) == FileCalls.S_IFDIR
            ? RawCall.Invoke(SystemCallNumber.mkdirat, directory, (nint)name, (nint)DirectoryMode, 0, 0, 0)
            : RawCall.Invoke(
                SystemCallNumber.mknodat, directory, (nint)name, (nint)(FileCalls.S_IFREG | FileMode), 0, 0, 0);
    }

    /// <summary>
    /// Only a descriptor that was checked to be the host's /dev/null covers a file: the container's own /dev/null may
    /// be a link to anything (CVE-2025-31133). It is read-only, or root of a container without a user namespace could
    /// change the mode and owner of the host's; what is written to a device does not ask.
    /// </summary>
    private static long Mask(LaunchContext* context, int target, int nullDevice, int nullSlot, int emptySlot)
    {
        byte* empty = stackalloc byte[1];
        *empty = 0;
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(target, status);
        if (result < 0) return result;

        // The first of either kind stays open: once it is attached, the others are clones of it.
        bool isDirectory = (status->Mode & FileCalls.S_IFMT) == FileCalls.S_IFDIR;
        int* first = &context->Slots[isDirectory ? emptySlot : nullSlot];
        long cover = *first >= 0 ? CloneMount(*first, empty)
            : isDirectory ? EmptyFileSystem()
            : ReadOnlyClone(nullDevice, empty);
        if (cover < 0) return cover;
        if (*first < 0) *first = (int)cover;

        result = RawCall.Invoke(
            SystemCallNumber.move_mount, (nint)cover, (nint)empty, target, (nint)empty,
            (nint)(Mount.MOVE_MOUNT_F_EMPTY_PATH | Mount.MOVE_MOUNT_T_EMPTY_PATH), 0);
        if (cover != *first) RawCall.Invoke(SystemCallNumber.close, (nint)cover, 0, 0, 0, 0, 0);
        return result;
    }

    private static long ReadOnlyClone(int source, byte* empty)
    {
        Mount.Attributes* attributes = stackalloc Mount.Attributes[1];
        *attributes = default;
        attributes->Set = Mount.MOUNT_ATTR_RDONLY;
        long copy = CloneMount(source, empty);
        if (copy < 0) return copy;
        long result = RawCall.Invoke(
            SystemCallNumber.mount_setattr, (nint)copy, (nint)empty, FileCalls.AT_EMPTY_PATH, (nint)attributes,
            sizeof(Mount.Attributes));
        if (result >= 0) return copy;
        RawCall.Invoke(SystemCallNumber.close, (nint)copy, 0, 0, 0, 0, 0);
        return result;
    }

    private static long CloneMount(int source, byte* empty) => RawCall.Invoke(
        SystemCallNumber.open_tree, source, (nint)empty,
        (nint)(Mount.OPEN_TREE_CLONE | Mount.OPEN_TREE_CLOEXEC | FileCalls.AT_EMPTY_PATH), 0, 0, 0);

    private static long EmptyFileSystem()
    {
        byte* type = stackalloc byte[6];
        type[0] = (byte)'t';
        type[1] = (byte)'m';
        type[2] = (byte)'p';
        type[3] = (byte)'f';
        type[4] = (byte)'s';
        type[5] = 0;
        long context = RawCall.Invoke(
            SystemCallNumber.fsopen, (nint)type, (nint)Mount.FSOPEN_CLOEXEC, 0, 0, 0, 0);
        if (context < 0) return context;
        long result = RawCall.Invoke(
            SystemCallNumber.fsconfig, (nint)context, (nint)Mount.FSCONFIG_CMD_CREATE, 0, 0, 0, 0);
        if (result >= 0)
        {
            result = RawCall.Invoke(
                SystemCallNumber.fsmount, (nint)context, (nint)Mount.FSMOUNT_CLOEXEC,
                (nint)(Mount.MOUNT_ATTR_RDONLY | Mount.MOUNT_ATTR_NOSUID | Mount.MOUNT_ATTR_NODEV), 0, 0, 0);
        }

        RawCall.Invoke(SystemCallNumber.close, (nint)context, 0, 0, 0, 0, 0);
        return result;
    }

    private static long RequireDevice(int descriptor, uint major, uint minor, uint type)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long result = Status(descriptor, status);
        if (result < 0) return result;
        bool same = (status->Mode & FileCalls.S_IFMT) == type
            && status->SpecialMajor == major && status->SpecialMinor == minor;
        return same ? 0 : -(long)Errno.ENODEV;
    }

    private static long RefuseProc(int descriptor)
    {
        const int StatusWords = 16;

        long* status = stackalloc long[StatusWords];
        long result = RawFiles.FileSystem(descriptor, status);
        if (result < 0) return result;
        return status[0] == FileSystems.PROC_SUPER_MAGIC ? -(long)Errno.EPERM : 0;
    }

    private static long CloseOthers(LaunchContext* context, int first, int* slots, int count)
    {
        if (count == 0) count = context->SlotCount;
        while (true)
        {
            long kept = context->Channel >= first ? context->Channel : uint.MaxValue;
            for (int i = 0; i < count; i++)
            {
                int number = context->Slots[slots == null ? i : slots[i]];
                if (number >= first && number < kept) kept = number;
            }

            if (kept > first)
            {
                nint last = kept == uint.MaxValue ? unchecked((nint)uint.MaxValue) : (nint)(kept - 1);
                long result = RawCall.Invoke(SystemCallNumber.close_range, first, last, 0, 0, 0, 0);
                if (result < 0) return result;
            }

            if (kept == uint.MaxValue) return 0;
            first = (int)kept + 1;
        }
    }

    private static long Status(int descriptor, FileStatus* status)
    {
        byte* empty = stackalloc byte[1];
        *empty = 0;
        return RawCall.Invoke(
            SystemCallNumber.statx, descriptor, (nint)empty, FileCalls.AT_EMPTY_PATH,
            (nint)FileStatus.STATX_BASIC_STATS, (nint)status, 0);
    }
}
