using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Mappings of this process: mmap(2), madvise(2).</summary>
internal static unsafe partial class Memory
{
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int MAP_SHARED = 1;
    private const int MAP_PRIVATE = 2;
    private const int MAP_ANONYMOUS = 0x20;
    private const int MADV_DONTNEED = 4;

    /// <summary>Memory of its own, all zero, of which only what is touched exists.</summary>
    public static byte* Map(nuint length) => Map(length, MAP_PRIVATE);

    /// <summary>The same, in common with the children that are made from now on.</summary>
    public static byte* MapShared(nuint length) => Map(length, MAP_SHARED);

    /// <summary>Gives the memory back.</summary>
    public static void Unmap(byte* start, nuint length) => _ = munmap(start, length);

    /// <summary>Gives the pages back: zero, or the file's content again, when they are touched next.</summary>
    public static void Release(byte* start, nuint length) => _ = madvise(start, length, MADV_DONTNEED);

    private static byte* Map(nuint length, int kind)
    {
        void* result = mmap(null, length, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
        return (nint)result == -1 ? throw SystemCallException.Last("mmap") : (byte*)result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(void* address, nuint length, int advice);
}
