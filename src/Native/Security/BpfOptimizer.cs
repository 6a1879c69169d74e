using System.Runtime.InteropServices;

namespace Container.Native.Security;

/// <summary>
/// Rewrites a filter so that the kernel has less of it to check, translate and run: what libseccomp writes as one
/// comparison per system call becomes a search over ranges of numbers with the same answer.
/// </summary>
/// <remarks>
/// The time of seccomp(2) grows with the instructions, and it is in the way of every start of a container: 0.34 ms for
/// podman's profile as libseccomp writes it. The program is evaluated for every number at which any of its comparisons
/// can change its mind, with the arguments unknown; what remains open is a tree of tests on arguments. The result is
/// written anew from that. A program with an instruction that is not understood is returned as it is.
/// </remarks>
internal sealed class BpfOptimizer
{
    private const uint OtherArchitecture = 0xFFFFFFFF;

    private readonly BpfInstruction[] program;
    private readonly SortedSet<uint> numbers = [0];
    private readonly SortedSet<uint> architectures = [];
    private readonly HashSet<(int At, uint Offset)> seen = [];

    private BpfOptimizer(BpfInstruction[] program) => this.program = program;

    /// <summary>A program with the same answers as <paramref name="filter"/>, of the same form.</summary>
    public static byte[] Rewrite(byte[] filter)
    {
        var optimizer = new BpfOptimizer(MemoryMarshal.Cast<byte, BpfInstruction>(filter).ToArray());
        if (!optimizer.IsUnderstood(0, uint.MaxValue)) return filter;
        if (optimizer.architectures.Contains(OtherArchitecture)) return filter;
        byte[] rewritten = optimizer.Write();
        return rewritten.Length < filter.Length ? rewritten : filter;
    }

    // Walks all paths whatever the values, collecting the points where a comparison of the number changes.
    private bool IsUnderstood(int at, uint loaded)
    {
        for (; at < program.Length && seen.Add((at, loaded)); at++)
        {
            BpfInstruction step = program[at];
            if (step.Code == BpfInstruction.Return) return true;
            if (step.Code == BpfInstruction.LoadWord) loaded = step.Value;
            else if (step.Code == BpfInstruction.Jump) at += (int)step.Value;
            else if (step.Code == BpfInstruction.And && loaded > BpfInstruction.ArchitectureOffset) continue;
            else if (!step.IsConditionalJump || !Note(step, loaded)) return false;
            else if (!IsUnderstood(at + 1 + step.IfTrue, loaded)) return false;
            else at += step.IfFalse;
        }

        return at < program.Length;
    }

    private bool Note(BpfInstruction step, uint loaded)
    {
        if (loaded == BpfInstruction.ArchitectureOffset)
        {
            architectures.Add(step.Value);
            return step.Code == BpfInstruction.JumpEqual;
        }

        if (loaded != BpfInstruction.NumberOffset) return loaded != uint.MaxValue;
        if (step.Code == BpfInstruction.JumpIfSet)
        {
            // The test for x32: the answer changes wherever that bit does.
            if (step.Value != SeccompStub.X32Bit) return false;
            for (uint point = SeccompStub.X32Bit; point != 0; point += SeccompStub.X32Bit) numbers.Add(point);
            return true;
        }

        numbers.Add(step.Value);
        if (step.Value != uint.MaxValue) numbers.Add(step.Value + 1);
        return true;
    }

    private byte[] Write()
    {
        var nodes = new BpfNodes(program);
        var writer = new BpfWriter(nodes);
        int entry = writer.WriteSearch(Ranges(nodes, OtherArchitecture));
        foreach (uint architecture in architectures)
        {
            int search = writer.WriteSearch(Ranges(nodes, architecture));
            entry = writer.WriteJump(BpfInstruction.JumpEqual, architecture, search, entry);
        }

        writer.WriteLoad(BpfInstruction.ArchitectureOffset, entry);
        return writer.ToArray();
    }

    /// <summary>Where each answer begins, in ascending order of the number.</summary>
    private List<(uint Start, int Node)> Ranges(BpfNodes nodes, uint architecture)
    {
        var ranges = new List<(uint Start, int Node)>();
        foreach (uint number in numbers)
        {
            int node = nodes.Evaluate(architecture, number);
            if (ranges.Count == 0 || ranges[^1].Node != node) ranges.Add((number, node));
        }

        return ranges;
    }
}
