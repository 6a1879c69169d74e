namespace Container.Native.Security;

/// <summary>
/// An answer (<see cref="Test"/> is a return), or a test of the word at <see cref="Offset"/> under
/// <see cref="Mask"/> and the nodes that follow.
/// </summary>
internal readonly record struct BpfNode(
    BpfInstruction Test, uint Offset = 0, uint Mask = 0, int WhenTrue = -1, int WhenFalse = -1)
{
    public bool IsAnswer => Test.Code == BpfInstruction.Return;
}
