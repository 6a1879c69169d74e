namespace Container.Native.Syscalls;

/// <summary>How openat2(2) looks a path up: what struct open_how has in its last word.</summary>
internal static class OpenHow
{
    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    /// <summary>What names below a file system of the kernel's own are opened with.</summary>
    public const ulong BeneathWithoutLinks = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
}
