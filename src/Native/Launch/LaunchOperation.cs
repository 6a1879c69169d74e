using System.Runtime.InteropServices;

namespace Container.Native.Launch;

/// <summary>One step of a plan as the child reads it: plain numbers and pointers into the plan's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchOperation
{
    public OperationKind Kind;

    /// <summary>The system call's number, for <see cref="OperationKind.Call"/>.</summary>
    public int Number;

    /// <summary>The slot that takes the result, or -1.</summary>
    public int Result;

    /// <summary>Bit n: argument n is the number of a slot, whose value is meant.</summary>
    public int SlotArguments;

    /// <summary>An error number that is no failure here, or 0.</summary>
    public int Tolerated;

    /// <summary>How many operations to leave out when the tolerated error came.</summary>
    public int Skip;

    public nint A;
    public nint B;
    public nint C;
    public nint D;
    public nint E;
    public nint F;
}
