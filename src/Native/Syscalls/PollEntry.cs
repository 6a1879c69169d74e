using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct pollfd of poll(2), its members as fields.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
