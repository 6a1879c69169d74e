using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct msghdr of sendmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public const int SOL_SOCKET = 1;
    public const int SCM_RIGHTS = 1;

    public byte* Name;
    public uint NameLength;
    public MessageVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;

    /// <summary>One vector, no address, no control data.</summary>
    public static void Initialize(MessageHeader* message, MessageVector* vector)
    {
        message->Name = null;
        message->NameLength = 0;
        message->Vectors = vector;
        message->VectorCount = 1;
        message->Control = null;
        message->ControlLength = 0;
        message->Flags = 0;
    }
}
