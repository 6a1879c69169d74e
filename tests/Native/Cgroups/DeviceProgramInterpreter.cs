using Container.Native.Cgroups.Devices;
using Xunit;

namespace Container.Native.Tests.Cgroups;

/// <summary>Runs the few eBPF instructions that a device program is made of, as linux/bpf.h encodes them.</summary>
internal static class DeviceProgramInterpreter
{
    public static bool Allows(ulong[] program, DeviceKind kind, uint major, uint minor, DeviceAccess access)
    {
        uint[] context = [((uint)access << 16) | (uint)kind, major, minor];
        long[] registers = new long[11];
        for (int at = 0, steps = 0; ; at++, steps++)
        {
            Assert.InRange(at, 0, program.Length - 1);
            Assert.True(steps < 100_000);
            ulong instruction = program[at];
            int target = (int)(instruction >> 8) & 0xF;
            int source = (int)(instruction >> 12) & 0xF;
            short offset = (short)(instruction >> 16);
            int immediate = (int)(instruction >> 32);
            switch ((byte)instruction)
            {
                case 0x61:
                    Assert.Equal(1, source);
                    registers[target] = context[offset / 4];
                    break;
                case 0xBF: registers[target] = registers[source]; break;
                case 0xB7: registers[target] = immediate; break;
                case 0x57: registers[target] &= immediate; break;
                case 0x77: registers[target] = (long)((ulong)registers[target] >> immediate); break;
                case 0x15: at += registers[target] == immediate ? offset : 0; break;
                case 0x55: at += registers[target] != immediate ? offset : 0; break;
                case 0x95: return registers[0] == 1;
                default: throw new InvalidOperationException($"instruction {instruction:x16}");
            }

            Assert.True(offset >= 0, "a program only jumps forward");
        }
    }
}
