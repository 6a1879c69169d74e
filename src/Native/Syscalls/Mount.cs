using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>
/// The mount interface by file descriptors: fsopen(2), fsconfig(2), fsmount(2), open_tree(2), move_mount(2),
/// mount_setattr(2); and the older mount(2), umount2(2) and pivot_root(2).
/// </summary>
internal static unsafe class Mount
{
    public const ulong MS_REC = 0x4000;
    public const ulong MS_UNBINDABLE = 1 << 17;
    public const ulong MS_PRIVATE = 1 << 18;
    public const ulong MS_SLAVE = 1 << 19;
    public const ulong MS_SHARED = 1 << 20;

    public static int MNT_DETACH => LibC.MNT_DETACH;
    public static int UMOUNT_NOFOLLOW => LibC.UMOUNT_NOFOLLOW;

    public const uint OPEN_TREE_CLONE = 1;
    public const uint OPEN_TREE_CLOEXEC = FileCalls.O_CLOEXEC;

    public const uint MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    public const uint MOVE_MOUNT_T_SYMLINKS = 0x10;
    public const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    public const uint FSOPEN_CLOEXEC = 1;
    public const uint FSMOUNT_CLOEXEC = 1;

    public const uint FSCONFIG_SET_FLAG = 0;
    public const uint FSCONFIG_SET_STRING = 1;
    public const uint FSCONFIG_SET_FD = 5;
    public const uint FSCONFIG_CMD_CREATE = 6;

    public const ulong MOUNT_ATTR_RDONLY = 0x1;
    public const ulong MOUNT_ATTR_NOSUID = 0x2;
    public const ulong MOUNT_ATTR_NODEV = 0x4;
    public const ulong MOUNT_ATTR_NOEXEC = 0x8;
    public const ulong MOUNT_ATTR__ATIME = 0x70;
    public const ulong MOUNT_ATTR_RELATIME = 0x0;
    public const ulong MOUNT_ATTR_NOATIME = 0x10;
    public const ulong MOUNT_ATTR_STRICTATIME = 0x20;
    public const ulong MOUNT_ATTR_NODIRATIME = 0x80;
    public const ulong MOUNT_ATTR_IDMAP = 0x100000;
    public const ulong MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

    /// <summary>struct mount_attr of mount_setattr(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Attributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    public static FileDescriptor OpenTree(string path, uint flags, FileDescriptor? directory = null)
    {
        fixed (byte* name = Utf8.Terminated(path))
        {
            long result = RawCall.Invoke(
                SystemCallNumber.open_tree, directory?.Number ?? FileCalls.AT_FDCWD, (nint)name,
                (nint)(flags | OPEN_TREE_CLOEXEC));
            return new FileDescriptor(Check(result, "open_tree", path));
        }
    }

    public static FileDescriptor OpenFileSystem(string type)
    {
        fixed (byte* name = Utf8.Terminated(type))
        {
            return new FileDescriptor(
                Check(RawCall.Invoke(SystemCallNumber.fsopen, (nint)name, (nint)FSOPEN_CLOEXEC), "fsopen", type));
        }
    }

    public static void Configure(FileDescriptor context, string key, string? value)
    {
        fixed (byte* name = Utf8.Terminated(key))
        fixed (byte* text = Utf8.Terminated(value ?? ""))
        {
            Check(
                RawCall.Invoke(
                    SystemCallNumber.fsconfig, context.Number,
                    (nint)(value is null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING), (nint)name,
                    value is null ? 0 : (nint)text),
                "fsconfig", key);
        }
    }

    public static void Configure(FileDescriptor context, string key, FileDescriptor value)
    {
        fixed (byte* name = Utf8.Terminated(key))
        {
            Check(
                RawCall.Invoke(
                    SystemCallNumber.fsconfig, context.Number, (nint)FSCONFIG_SET_FD, (nint)name, 0, value.Number),
                "fsconfig", key);
        }
    }

    public static FileDescriptor CreateMount(FileDescriptor context, ulong attributes, string type)
    {
        Check(
            RawCall.Invoke(SystemCallNumber.fsconfig, context.Number, (nint)FSCONFIG_CMD_CREATE), "fsconfig", type);
        return new FileDescriptor(Check(
            RawCall.Invoke(SystemCallNumber.fsmount, context.Number, (nint)FSMOUNT_CLOEXEC, (nint)attributes),
            "fsmount", type));
    }

    /// <summary>Attaches a detached mount at a name in a directory, or at the directory itself where it is empty.</summary>
    public static void Move(FileDescriptor mount, FileDescriptor directory, string name, string what)
    {
        byte empty = 0;
        fixed (byte* target = Utf8.Terminated(name))
        {
            Check(
                RawCall.Invoke(
                    SystemCallNumber.move_mount, mount.Number, (nint)(&empty), directory.Number, (nint)target,
                    (nint)(MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH)),
                "move_mount", what);
        }
    }

    public static void SetAttributes(FileDescriptor mount, Attributes attributes, bool recursive, string path)
    {
        byte empty = 0;
        nint flags = FileCalls.AT_EMPTY_PATH | (recursive ? FileCalls.AT_RECURSIVE : 0);
        Check(
            RawCall.Invoke(
                SystemCallNumber.mount_setattr, mount.Number, (nint)(&empty), flags, (nint)(&attributes),
                sizeof(Attributes)),
            "mount_setattr", path);
    }

    private static int Check(long result, string operation, string path) =>
        result < 0 ? throw new SystemCallException(operation, path, (Errno)(-result)) : (int)result;
}
