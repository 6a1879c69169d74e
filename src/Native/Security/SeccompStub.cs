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

    /// <summary>
    /// Writes the stub for <paramref name="last"/>: per architecture token of libseccomp, the highest number that the
    /// rules name.
    /// </summary>
    public static byte[] Create(IReadOnlyDictionary<uint, int> last)
    {
        List<BpfInstruction> code = [new(BpfInstruction.LoadWord, 0, 0, BpfInstruction.ArchitectureOffset)];
        foreach (uint architecture in last.Keys)
        {
            if (architecture == ArchitectureX32 && last.ContainsKey(ArchitectureX64)) continue;
            bool x64 = architecture is ArchitectureX64 or ArchitectureX32;
            List<BpfInstruction> section = [new(BpfInstruction.LoadWord, 0, 0, BpfInstruction.NumberOffset)];
            if (x64)
            {
                // Both forms share one architecture value. Without rules for a form there is no number to compare
                // with: straight on to the filter, which answers for an architecture it does not have.
                List<BpfInstruction> native = Limit(last, ArchitectureX64);
                section.Add(new(BpfInstruction.JumpIfSet, (byte)native.Count, 0, X32Bit));
                section.AddRange(native);
                section.AddRange(Limit(last, ArchitectureX32));
            }
            else
            {
                section.AddRange(Limit(last, architecture));
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
    }

    private static List<BpfInstruction> Limit(IReadOnlyDictionary<uint, int> last, uint architecture)
    {
        var code = new List<BpfInstruction>();
        if (last.TryGetValue(architecture, out int number))
        {
            code.Add(new(BpfInstruction.JumpGreater, 0, 1, (uint)number));
            code.Add(new(BpfInstruction.Return, 0, 0, SeccompNames.Errno | (uint)Syscalls.Errno.ENOSYS));
        }

        code.Add(new(BpfInstruction.Jump, 0, 0, 0));
        return code;
    }
}
