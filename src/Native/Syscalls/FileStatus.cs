using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct statx of statx(2). That of Tmds.LibC ends before the id of the mount.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct FileStatus
{
    public const uint STATX_INO = 0x100;
    public const uint STATX_BASIC_STATS = 0x7FF;
    public const uint STATX_MNT_ID = 0x1000;

    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint LinkCount;
    public uint Uid;
    public uint Gid;
    public ushort Mode;
    private readonly ushort spare;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public Timestamp AccessTime;
    public Timestamp BirthTime;
    public Timestamp ChangeTime;
    public Timestamp ModifyTime;
    public uint SpecialMajor;
    public uint SpecialMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public ulong MountId;

    public readonly uint Type => Mode & FileCalls.S_IFMT;

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    internal struct Timestamp
    {
        public long Seconds;
        public uint Nanoseconds;
    }
}
