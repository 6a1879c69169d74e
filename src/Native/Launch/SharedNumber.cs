using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>A number that a child of clone(2) has in common with its parent, 0 in the beginning.</summary>
internal sealed unsafe class SharedNumber : IDisposable
{
    private int* number = (int*)Memory.MapShared(sizeof(int));

    /// <summary>Where it is, here and in the child.</summary>
    public nint Address => (nint)number;

    /// <summary>What it is now.</summary>
    public int Value => Volatile.Read(ref *number);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (number is not null) Memory.Unmap((byte*)number, sizeof(int));
        number = null;
    }
}
