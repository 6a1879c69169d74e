using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Container.Native.Syscalls;

/// <summary>Mappings of this process: mmap(2), madvise(2).</summary>
internal static unsafe partial class Memory
{
    /// <summary>Memory of its own, all zero, of which only what is touched exists.</summary>
    public static byte* Map(nuint length) => Map(length, MAP_PRIVATE);

    /// <summary>The same, in common with the children that are made from now on.</summary>
    public static byte* MapShared(nuint length) => Map(length, MAP_SHARED);

    /// <summary>Gives the memory back.</summary>
    public static void Unmap(byte* start, nuint length) => _ = munmap(start, (size_t)(ulong)length);

    /// <summary>Gives the pages back: zero, or the file's content again, when they are touched next.</summary>
    public static void Release(byte* start, nuint length) =>
        _ = madvise(start, (size_t)(ulong)length, MADV_DONTNEED);

    /// <summary>Gives back what malloc(3) keeps of memory that is free: malloc_trim(3), of glibc.</summary>
    [LibraryImport("libc")]
    public static partial int malloc_trim(nuint pad);

    private static byte* Map(nuint length, int kind)
    {
        void* result = mmap(
            null, (size_t)(ulong)length, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
        return (nint)result == -1 ? throw SystemCallException.Last("mmap") : (byte*)result;
    }
}
