using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>What statx(2) says of one file.</summary>
public readonly record struct FileMetadata
{
    internal FileMetadata(in FileStatus status)
    {
        Kind = (FileKind)status.Type;
        Mode = status.Mode & 0xFFFu;
        Uid = status.Uid;
        Gid = status.Gid;
        Size = (long)status.Size;
        LinkCount = status.LinkCount;
        Inode = status.Inode;
        Device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor;
        MajorNumber = status.SpecialMajor;
        MinorNumber = status.SpecialMinor;
        ModifiedAt = new FileTime(status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds);
        Allocated = (long)status.Blocks * 512;
        MountId = status.MountId;
    }

    /// <summary>What it is.</summary>
    public FileKind Kind { get; }

    /// <summary>Permissions with set-user-id, set-group-id and sticky bit.</summary>
    public uint Mode { get; }

    /// <summary>The owner.</summary>
    public uint Uid { get; }

    /// <summary>The group.</summary>
    public uint Gid { get; }

    /// <summary>Length in bytes.</summary>
    public long Size { get; }

    /// <summary>Bytes it takes on the disk.</summary>
    public long Allocated { get; }

    /// <summary>How many names it has.</summary>
    public uint LinkCount { get; }

    /// <summary>Its inode number.</summary>
    public ulong Inode { get; }

    /// <summary>The device it is on.</summary>
    public ulong Device { get; }

    /// <summary>Of a device node: the major number.</summary>
    public uint MajorNumber { get; }

    /// <summary>Of a device node: the minor number.</summary>
    public uint MinorNumber { get; }

    /// <summary>When its content changed last.</summary>
    public FileTime ModifiedAt { get; }

    /// <summary>The mount it is on.</summary>
    public ulong MountId { get; }
}
