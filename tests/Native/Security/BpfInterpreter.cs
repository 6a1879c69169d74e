using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Container.Native.Tests.Security;

/// <summary>
/// Runs a filter as the kernel would (seccomp(2), linux/filter.h), so that a whole profile can be checked call by call.
/// </summary>
internal static class BpfInterpreter
{
    public const uint X64 = 0xC000003E;
    public const uint X86 = 0x40000003;
    public const uint X32Bit = 0x40000000;

    public const uint Allow = 0x7FFF0000;
    public const uint KillProcess = 0x80000000;
    public const uint KillThread = 0;
    public const uint Error = 0x00050000;

    public static uint Run(byte[] program, uint architecture, long number, params ulong[] arguments)
    {
        byte[] data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, (uint)number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (int index = 0; index < arguments.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (index * 8)), arguments[index]);
        }

        ReadOnlySpan<Instruction> code = MemoryMarshal.Cast<byte, Instruction>(program);
        uint accumulator = 0;
        uint[] scratch = new uint[16];
        for (int at = 0; ; at++)
        {
            Instruction step = code[at];
            switch (step.Code)
            {
                case 0x20: // ld [k]
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)step.Value));
                    break;
                case 0x60: // ld M[k]
                    accumulator = scratch[step.Value];
                    break;
                case 0x02: // st M[k]
                    scratch[step.Value] = accumulator;
                    break;
                case 0x54: // and #k
                    accumulator &= step.Value;
                    break;
                case 0x05: // ja
                    at += (int)step.Value;
                    break;
                case 0x15: // jeq
                    at += accumulator == step.Value ? step.IfTrue : step.IfFalse;
                    break;
                case 0x25: // jgt
                    at += accumulator > step.Value ? step.IfTrue : step.IfFalse;
                    break;
                case 0x35: // jge
                    at += accumulator >= step.Value ? step.IfTrue : step.IfFalse;
                    break;
                case 0x45: // jset
                    at += (accumulator & step.Value) != 0 ? step.IfTrue : step.IfFalse;
                    break;
                case 0x06: // ret #k
                    return step.Value;
                default:
                    throw new NotSupportedException($"instruction {at} has the code 0x{step.Code:x}");
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);
}
