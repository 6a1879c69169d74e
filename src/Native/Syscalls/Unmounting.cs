using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>umount2(2), for the host's own mount namespace.</summary>
internal static unsafe class Unmounting
{
    public static int umount2(string target, int flags)
    {
        using CText name = new(target, stackalloc byte[CText.BufferSize]);
        return LibC.umount2(name.Start, flags);
    }
}
