using System.Runtime.InteropServices;

namespace Container.Native.Launch;

/// <summary>All the child knows: its operations, its slots, and the socket to its parent.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchContext
{
    public LaunchOperation* Operations;
    public int* Slots;
    public int Count;
    public int SlotCount;

    /// <summary>The socket to the parent; close-on-exec, so that execve(2) is seen there as end of file.</summary>
    public int Channel;

    /// <summary>The parent's end of that socket, of which the child has a copy.</summary>
    public int ParentEnd;

    /// <summary>The executable that <see cref="OperationKind.FindExecutable"/> chose.</summary>
    public byte* Executable;
}
