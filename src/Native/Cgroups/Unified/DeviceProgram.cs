using Container.Native.Cgroups.Devices;

namespace Container.Native.Cgroups.Unified;

/// <summary>
/// Device rules as an eBPF program (BPF_PROG_TYPE_CGROUP_DEVICE). It goes through the rules from the last to the first
/// and strikes out of the wanted access what a rule allows, until nothing is left or a rule denies some of the rest:
/// the last matching rule decides on each of read, write and mknod by itself.
/// </summary>
internal static class DeviceProgram
{
    private const byte LoadWord = 0x61; // BPF_LDX | BPF_MEM | BPF_W
    private const byte Copy = 0xBF; // BPF_ALU64 | BPF_MOV | BPF_X
    private const byte Set = 0xB7; // BPF_ALU64 | BPF_MOV | BPF_K
    private const byte And = 0x57; // BPF_ALU64 | BPF_AND | BPF_K
    private const byte ShiftRight = 0x77; // BPF_ALU64 | BPF_RSH | BPF_K
    private const byte JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const byte JumpIfNot = 0x55; // BPF_JMP | BPF_JNE | BPF_K
    private const byte Exit = 0x95; // BPF_JMP | BPF_EXIT

    // r1 is struct bpf_cgroup_dev_ctx { access << 16 | type; major; minor }.
    private const byte Result = 0;
    private const byte Context = 1;
    private const byte Kind = 2;
    private const byte Wanted = 3;
    private const byte Major = 4;
    private const byte Minor = 5;

    /// <summary>The program, each instruction a struct bpf_insn.</summary>
    public static ulong[] Assemble(DeviceRules rules)
    {
        List<ulong> code =
        [
            Encode(LoadWord, Kind, Context, 0),
            Encode(Copy, Wanted, Kind),
            Encode(ShiftRight, Wanted, immediate: 16),
            Encode(And, Kind, immediate: 0xFFFF),
            Encode(LoadWord, Major, Context, 4),
            Encode(LoadWord, Minor, Context, 8),
        ];
        for (int i = rules.Rules.Count - 1; i >= 0; i--) Append(code, rules.Rules[i]);
        Return(code, rules.AllowsByDefault);
        return [.. code];
    }

    private static void Append(List<ulong> code, DeviceRule rule)
    {
        List<ulong> body = [];
        if (rule.Allow)
        {
            body.Add(Encode(And, Wanted, immediate: (int)(DeviceAccess.All & ~rule.Access)));
            body.Add(Encode(JumpIfNot, Wanted, offset: 2, immediate: 0));
        }
        else
        {
            body.Add(Encode(Copy, Result, Wanted));
            body.Add(Encode(And, Result, immediate: (int)rule.Access));
            body.Add(Encode(JumpIfEqual, Result, offset: 2, immediate: 0));
        }

        Return(body, rule.Allow);

        // Each test that fails jumps over the tests after it and over the body.
        int tests = 1 + (rule.Major == DeviceRule.Any ? 0 : 1) + (rule.Minor == DeviceRule.Any ? 0 : 1);
        short beyond = (short)(tests - 1 + body.Count);
        code.Add(Encode(JumpIfNot, Kind, offset: beyond--, immediate: (int)rule.Kind));
        if (rule.Major != DeviceRule.Any) code.Add(Encode(JumpIfNot, Major, offset: beyond--, immediate: rule.Major));
        if (rule.Minor != DeviceRule.Any) code.Add(Encode(JumpIfNot, Minor, offset: beyond, immediate: rule.Minor));
        code.AddRange(body);
    }

    private static void Return(List<ulong> code, bool allow)
    {
        code.Add(Encode(Set, Result, immediate: allow ? 1 : 0));
        code.Add(Encode(Exit, 0));
    }

    // struct bpf_insn: code:8, dst_reg:4, src_reg:4, off:16, imm:32.
    private static ulong Encode(byte operation, byte target, byte source = 0, short offset = 0, int immediate = 0) =>
        operation | ((ulong)target << 8) | ((ulong)source << 12) | ((ulong)(ushort)offset << 16) |
        ((ulong)(uint)immediate << 32);
}
