namespace Container.Native.Security;

/// <summary>
/// What a program does once the architecture and the number are known: an answer, or tests on the arguments. Equal
/// nodes are one node, so that comparing two is comparing their numbers.
/// </summary>
internal sealed class BpfNodes(BpfInstruction[] program)
{
    private readonly List<BpfNode> nodes = [];
    private readonly Dictionary<BpfNode, int> index = [];
    private readonly Dictionary<(int At, Accumulator Accumulator), int> visited = [];

    public BpfNode this[int node] => nodes[node];

    /// <summary>The node for one system call of one architecture.</summary>
    public int Evaluate(uint architecture, uint number)
    {
        visited.Clear();
        return Run(0, default, architecture, number);
    }

    private int Run(int at, Accumulator accumulator, uint architecture, uint number)
    {
        while (true)
        {
            BpfInstruction step = program[at];
            switch (step.Code)
            {
                case BpfInstruction.Return:
                    return Find(new BpfNode(step));
                case BpfInstruction.LoadWord:
                    accumulator = step.Value switch
                    {
                        BpfInstruction.NumberOffset => new Accumulator(number),
                        BpfInstruction.ArchitectureOffset => new Accumulator(architecture),
                        _ => new Accumulator(0, step.Value, uint.MaxValue),
                    };
                    break;
                case BpfInstruction.And:
                    accumulator = accumulator with { Mask = accumulator.Mask & step.Value };
                    break;
                case BpfInstruction.Jump:
                    at += (int)step.Value;
                    break;
                default:
                    if (!accumulator.IsKnown) return Branch(at, step, accumulator, architecture, number);
                    at += step.Holds(accumulator.Value) ? step.IfTrue : step.IfFalse;
                    break;
            }

            at++;
        }
    }

    private int Branch(int at, BpfInstruction step, Accumulator accumulator, uint architecture, uint number)
    {
        // The two halves of a 64-bit comparison go on at the same place: each place is looked at once.
        if (visited.TryGetValue((at, accumulator), out int known)) return known;
        int whenTrue = Run(at + 1 + step.IfTrue, accumulator, architecture, number);
        int whenFalse = Run(at + 1 + step.IfFalse, accumulator, architecture, number);
        BpfInstruction test = step with { IfTrue = 0, IfFalse = 0 };
        int node = whenTrue == whenFalse
            ? whenTrue
            : Find(new BpfNode(test, accumulator.Offset, accumulator.Mask, whenTrue, whenFalse));
        visited.Add((at, accumulator), node);
        return node;
    }

    private int Find(BpfNode node)
    {
        if (index.TryGetValue(node, out int found)) return found;
        nodes.Add(node);
        index.Add(node, nodes.Count - 1);
        return nodes.Count - 1;
    }

    /// <summary>A known value, or a word of an argument with a mask; with an empty one that is known to be 0.</summary>
    private readonly record struct Accumulator(uint Value, uint Offset = 0, uint Mask = 0)
    {
        public bool IsKnown => Mask == 0;
    }
}
