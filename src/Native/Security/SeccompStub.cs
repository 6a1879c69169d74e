using System.Runtime.InteropServices;

namespace Container.Native.Security;

/// <summary>
/// Instructions put before a compiled filter: system calls with numbers above every one that the profile names are
/// answered with ENOSYS.
/// </summary>
/// <remarks>
/// A profile cannot name what did not exist when it was written. Answering EPERM there breaks programs: the C library
/// takes only ENOSYS as "try the older call". runc does the same (its <c>patchbpf</c>), and profiles such as docker's,
/// whose default is EPERM, count on it.
/// </remarks>
internal static class SeccompStub
{
    public const uint ArchitectureX64 = 0xC000003E;

    /// <summary>libseccomp's token of x32, which the kernel reports as x86-64 with <see cref="X32Bit"/> set.</summary>
    public const uint ArchitectureX32 = 0x4000003E;

    public const uint X32Bit = 0x40000000;

    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpGreater = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private const ushort JumpIfSet = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private const ushort Jump = 0x05; // BPF_JMP | BPF_JA
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    private const uint NumberOffset = 0; // struct seccomp_data
    private const uint ArchitectureOffset = 4;

    /// <summary>
    /// Writes the stub for <paramref name="last"/>: per architecture token of libseccomp, the highest number that the
    /// rules name.
    /// </summary>
    public static byte[] Create(IReadOnlyDictionary<uint, int> last)
    {
        var code = new List<Instruction> { new(LoadWord, 0, 0, ArchitectureOffset) };
        foreach (uint architecture in last.Keys)
        {
            if (architecture == ArchitectureX32 && last.ContainsKey(ArchitectureX64)) continue;
            bool x64 = architecture is ArchitectureX64 or ArchitectureX32;
            var section = new List<Instruction> { new(LoadWord, 0, 0, NumberOffset) };
            if (x64)
            {
                // Both forms share one architecture value. Without rules for a form there is no number to compare with:
                // straight on to the filter, which answers for an architecture it does not have.
                List<Instruction> native = Limit(last, ArchitectureX64);
                section.Add(new(JumpIfSet, (byte)native.Count, 0, X32Bit));
                section.AddRange(native);
                section.AddRange(Limit(last, ArchitectureX32));
            }
            else
            {
                section.AddRange(Limit(last, architecture));
            }

            uint value = x64 ? ArchitectureX64 : architecture;
            code.Add(new(JumpEqual, 0, (byte)section.Count, value));
            code.AddRange(section);
        }

        // Every remaining jump goes to the filter, which starts where this code ends.
        for (int index = 0; index < code.Count; index++)
        {
            if (code[index].Code == Jump) code[index] = new(Jump, 0, 0, (uint)(code.Count - index - 1));
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(code)).ToArray();
    }

    private static List<Instruction> Limit(IReadOnlyDictionary<uint, int> last, uint architecture)
    {
        var code = new List<Instruction>();
        if (last.TryGetValue(architecture, out int number))
        {
            code.Add(new(JumpGreater, 0, 1, (uint)number));
            code.Add(new(Return, 0, 0, SeccompNames.Errno | (uint)Syscalls.Errno.ENOSYS));
        }

        code.Add(new(Jump, 0, 0, 0));
        return code;
    }

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);
}
