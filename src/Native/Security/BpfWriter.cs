using System.Runtime.InteropServices;

namespace Container.Native.Security;

/// <summary>
/// Writes a program from its end to its start, so that the target of every jump is already there: jumps go forward
/// only. Positions count from the end.
/// </summary>
internal sealed class BpfWriter(BpfNodes nodes)
{
    private readonly List<BpfInstruction> reversed = [];
    private readonly Dictionary<(int Node, bool Loaded), int> written = [];

    /// <summary>Writes a search for the range that the number is in.</summary>
    /// <param name="ranges">Where each range starts, the first at 0, and the node it leads to.</param>
    /// <returns>The position of its first instruction.</returns>
    public int WriteSearch(List<(uint Start, int Node)> ranges)
    {
        int[] targets = new int[ranges.Count];
        for (int range = 0; range < targets.Length; range++) targets[range] = Write(ranges[range].Node, loaded: false);
        if (targets.Length == 1) return targets[0];
        return WriteLoad(BpfInstruction.NumberOffset, WriteSearch(ranges, targets, 0, targets.Length));
    }

    /// <summary>Writes a conditional jump; one that is too far goes by a second jump.</summary>
    public int WriteJump(ushort code, uint value, int whenTrue, int whenFalse)
    {
        // The detours stand right after the jump. Whether the second one makes the first necessary is seen in the
        // first look, as one more instruction is allowed for.
        if (Distance(whenFalse) + 1 > byte.MaxValue) whenFalse = WriteDetour(whenFalse);
        if (Distance(whenTrue) > byte.MaxValue) whenTrue = WriteDetour(whenTrue);
        return Add(new BpfInstruction(code, (byte)Distance(whenTrue), (byte)Distance(whenFalse), value));
    }

    /// <summary>Writes a load of the word at <paramref name="offset"/>, and after it <paramref name="next"/>.</summary>
    public int WriteLoad(uint offset, int next)
    {
        Join(next);
        return Add(new BpfInstruction(BpfInstruction.LoadWord, 0, 0, offset));
    }

    /// <summary>The program, first instruction first.</summary>
    public byte[] ToArray()
    {
        BpfInstruction[] program = [.. reversed];
        Array.Reverse(program);
        return MemoryMarshal.AsBytes(program.AsSpan()).ToArray();
    }

    private int WriteSearch(List<(uint Start, int Node)> ranges, int[] targets, int first, int end)
    {
        if (end - first == 1) return targets[first];
        int middle = (first + end) / 2;
        int upper = WriteSearch(ranges, targets, middle, end);
        int lower = WriteSearch(ranges, targets, first, middle);
        return WriteJump(BpfInstruction.JumpGreaterOrEqual, ranges[middle].Start, upper, lower);
    }

    /// <summary>Writes a node once, or once more for those that come with its word in the accumulator.</summary>
    private int Write(int number, bool loaded)
    {
        if (written.TryGetValue((number, loaded), out int position)) return position;
        BpfNode node = nodes[number];
        if (node.IsAnswer)
        {
            position = Add(node.Test);
        }
        else
        {
            int whenFalse = Write(node.WhenFalse, Continues(node, node.WhenFalse));
            int whenTrue = Write(node.WhenTrue, Continues(node, node.WhenTrue));
            position = WriteJump(node.Test.Code, node.Test.Value, whenTrue, whenFalse);
            if (!loaded)
            {
                if (node.Mask != uint.MaxValue)
                {
                    position = Add(new BpfInstruction(BpfInstruction.And, 0, 0, node.Mask));
                }

                position = WriteLoad(node.Offset, position);
            }
        }

        written[(number, loaded)] = position;
        return position;
    }

    private bool Continues(BpfNode node, int next) =>
        !nodes[next].IsAnswer && nodes[next].Offset == node.Offset && nodes[next].Mask == node.Mask;

    private int WriteDetour(int target) => reversed[target].Code == BpfInstruction.Return
        ? Add(reversed[target])
        : Add(new BpfInstruction(BpfInstruction.Jump, 0, 0, (uint)Distance(target)));

    private void Join(int next)
    {
        if (Distance(next) > 0) WriteDetour(next);
    }

    // What an instruction written now would have to skip to get to "target".
    private int Distance(int target) => reversed.Count - target - 1;

    private int Add(BpfInstruction instruction)
    {
        reversed.Add(instruction);
        return reversed.Count - 1;
    }
}
