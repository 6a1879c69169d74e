namespace Container.Native.Security;

/// <summary>A compiled filter: the arguments of seccomp(SECCOMP_SET_MODE_FILTER).</summary>
public sealed class SeccompProgram
{
    /// <summary>The most instructions the kernel takes (BPF_MAXINSNS).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>sizeof(struct sock_filter).</summary>
    public const int InstructionSize = 8;

    internal SeccompProgram(byte[] instructions, uint flags, IReadOnlyList<string> notes)
    {
        Instructions = instructions;
        Flags = flags;
        Notes = notes;
    }

    /// <summary>An array of struct sock_filter in the byte order of this machine.</summary>
    public byte[] Instructions { get; }

    /// <summary>How many instructions that are.</summary>
    public int Count => Instructions.Length / InstructionSize;

    /// <summary>SECCOMP_FILTER_FLAG_* bits for seccomp(2).</summary>
    public uint Flags { get; }

    /// <summary>
    /// Whether the filter asks a supervisor: then seccomp(2) returns a descriptor, which goes to
    /// <see cref="Oci.OciSeccomp.ListenerPath"/>.
    /// </summary>
    public bool Notifies => (Flags & SeccompNames.FlagNewListener) != 0;

    /// <summary>What the compiler passed over, one sentence each: for a debug log.</summary>
    public IReadOnlyList<string> Notes { get; }
}
