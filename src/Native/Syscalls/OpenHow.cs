using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;

    /// <summary>What names below a file system of the kernel's own are opened with.</summary>
    public const ulong BeneathWithoutLinks = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}
