using System.Runtime.InteropServices;

namespace Container.Native.Security;

/// <summary>
/// Instructions put before a compiled filter: system calls with numbers above every one that the profile names are
/// answered with ENOSYS, but for those that it names and libseccomp does not know.
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

    /// <summary>Writes the stub.</summary>
    /// <param name="architectures">The architectures of the filter, as libseccomp's tokens.</param>
    /// <param name="last">Per architecture, the highest number that the rules name.</param>
    /// <param name="later">What to do with calls that libseccomp does not know, by number.</param>
    /// <param name="limits">Whether what is above is answered with ENOSYS.</param>
    public static byte[] Create(
        List<uint> architectures,
        IReadOnlyDictionary<uint, int> last,
        IReadOnlyDictionary<int, uint> later,
        bool limits)
    {
        List<BpfInstruction> code = [new(BpfInstruction.LoadWord, 0, 0, BpfInstruction.ArchitectureOffset)];
        foreach (uint architecture in architectures)
        {
            if (architecture == ArchitectureX32 && architectures.Contains(ArchitectureX64)) continue;
            bool x64 = architecture is ArchitectureX64 or ArchitectureX32;
            List<BpfInstruction> section = [new(BpfInstruction.LoadWord, 0, 0, BpfInstruction.NumberOffset)];
            if (x64)
            {
                // Both forms share one architecture value. Without rules for a form there is no number to compare
                // with: straight on to the filter, which answers for an architecture it does not have.
                List<BpfInstruction> native = Answers(ArchitectureX64);
                section.Add(new(BpfInstruction.JumpIfSet, (byte)native.Count, 0, X32Bit));
                section.AddRange(native);
                section.AddRange(Answers(ArchitectureX32));
            }
            else
            {
                section.AddRange(Answers(architecture));
            }

            uint value = x64 ? ArchitectureX64 : architecture;
            code.Add(new(BpfInstruction.JumpEqual, 0, (byte)section.Count, value));
            code.AddRange(section);
        }

        // Every remaining jump goes to the filter, which starts where this code ends.
        for (int index = 0; index < code.Count; index++)
        {
            if (code[index].Code != BpfInstruction.Jump) continue;
            code[index] = code[index] with { Value = (uint)(code.Count - index - 1) };
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(code)).ToArray();

        List<BpfInstruction> Answers(uint architecture)
        {
            List<BpfInstruction> answers = [];
            if (!architectures.Contains(architecture)) return [new(BpfInstruction.Jump, 0, 0, 0)];
            foreach ((int number, uint action) in later)
            {
                uint own = (uint)number | (architecture == ArchitectureX32 ? X32Bit : 0);
                answers.Add(new(BpfInstruction.JumpEqual, 0, 1, own));
                answers.Add(new(BpfInstruction.Return, 0, 0, action));
            }

            if (limits && last.TryGetValue(architecture, out int highest))
            {
                answers.Add(new(BpfInstruction.JumpGreater, 0, 1, (uint)highest));
                answers.Add(new(BpfInstruction.Return, 0, 0, SeccompNames.Errno | (uint)Syscalls.Errno.ENOSYS));
            }

            answers.Add(new(BpfInstruction.Jump, 0, 0, 0));
            return answers;
        }
    }
}
