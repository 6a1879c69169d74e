using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Memory of a plan: blocks that never move and go together. Unmanaged, because the child must be able to read it
/// whatever the garbage collector of the parent was doing at clone; mapped, because a monitor launches once and then
/// lives for months, and malloc(3) would keep the memory.
/// </summary>
internal sealed unsafe class LaunchMemory : IDisposable
{
    private const int BlockSize = 32 * 1024;
    private const int Alignment = 16;

    private readonly List<(nint Start, int Length)> blocks = [];
    private byte* free;
    private int left;

    /// <summary>A copy of <paramref name="values"/> that stays where it is until this object is disposed.</summary>
    public nint Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        int size = checked(values.Length * sizeof(T));
        byte* target = Allocate(size);
        MemoryMarshal.AsBytes(values).CopyTo(new Span<byte>(target, size));
        return (nint)target;
    }

    /// <summary>So many bytes of zeros: the mapping is new, and none is given out twice.</summary>
    public nint Reserve(int size) => (nint)Allocate(size);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((nint start, int length) in blocks)
        {
            Memory.Unmap((byte*)start, (nuint)length);
        }

        blocks.Clear();
        left = 0;
    }

    private byte* Allocate(int size)
    {
        int rounded = checked(size + Alignment - 1) & ~(Alignment - 1);
        if (rounded > left)
        {
            int length = Math.Max(rounded, BlockSize);
            free = Memory.Map((nuint)length);
            blocks.Add(((nint)free, length));
            left = length;
        }

        byte* result = free;
        free += rounded;
        left -= rounded;
        return result;
    }
}
