using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Files that live in memory only: memfd_create(2) and the seals of fcntl(2).</summary>
internal static partial class Memfd
{
    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_ALLOW_SEALING = 2;
    public const uint MFD_EXEC = 0x10;

    public const int F_ADD_SEALS = 1033;
    public const int F_GET_SEALS = 1034;
    public const int F_SEAL_SEAL = 1;
    public const int F_SEAL_SHRINK = 2;
    public const int F_SEAL_GROW = 4;
    public const int F_SEAL_WRITE = 8;

    /// <summary>Makes an empty close-on-exec file in memory; <paramref name="name"/> shows in /proc only.</summary>
    public static FileDescriptor Create(string name, uint flags = 0) =>
        new(SystemCallException.Check(memfd_create(name, flags | MFD_CLOEXEC), "memfd_create", name));

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);
}
