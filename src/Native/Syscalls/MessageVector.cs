using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct iovec of readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageVector
{
    public byte* Base;
    public nuint Length;
}
