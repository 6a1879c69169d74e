using Container.Native.Syscalls;

namespace Container.Runtime.Streams;

/// <summary>
/// The memory everything passes through, outside the collected heap: nothing is kept in it from one turn of the loop to
/// the next, so one is enough, and its pages can be given back when there is nothing to do.
/// </summary>
internal sealed unsafe class TransferBuffer
{
    /// <summary>The size of each half.</summary>
    public const int Size = 64 * 1024;

    private readonly byte* memory = Memory.Map(2 * Size);

    /// <summary>What is read from a descriptor.</summary>
    public Span<byte> Input => new(memory, Size);

    /// <summary>What is put together to be written to the log, while <see cref="Input"/> is in use.</summary>
    public Span<byte> Records => new(memory + Size, Size);

    /// <summary>Gives the pages back.</summary>
    public void Release() => Memory.Release(memory, 2 * Size);
}
