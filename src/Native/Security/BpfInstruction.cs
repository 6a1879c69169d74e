using System.Runtime.InteropServices;

namespace Container.Native.Security;

/// <summary>struct sock_filter (linux/filter.h), with the instructions a system-call filter is made of.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
{
    public const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    public const ushort And = 0x54; // BPF_ALU | BPF_AND | BPF_K
    public const ushort Jump = 0x05; // BPF_JMP | BPF_JA
    public const ushort JumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    public const ushort JumpGreater = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    public const ushort JumpGreaterOrEqual = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    public const ushort JumpIfSet = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    public const ushort Return = 0x06; // BPF_RET | BPF_K

    // struct seccomp_data of seccomp(2); the arguments are from 16 on.
    public const uint NumberOffset = 0;
    public const uint ArchitectureOffset = 4;

    public bool IsConditionalJump =>
        Code is JumpEqual or JumpGreater or JumpGreaterOrEqual or JumpIfSet;

    /// <summary>Whether the jump is taken for <paramref name="accumulator"/>.</summary>
    public bool Holds(uint accumulator) => Code switch
    {
        JumpEqual => accumulator == Value,
        JumpGreater => accumulator > Value,
        JumpGreaterOrEqual => accumulator >= Value,
        _ => (accumulator & Value) != 0,
    };
}
