using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct cmsghdr of cmsg(3); the data follows at once, as sizeof is already aligned.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint Length;
    public int Level;
    public int Type;
}
