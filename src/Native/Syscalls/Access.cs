using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>What this process may do with a path: faccessat(2).</summary>
public static partial class Access
{
    private const int X_OK = 1;
    private const int W_OK = 2;
    private const int R_OK = 4;

    // With the ids that count for other system calls, not the real ones.
    private const int AT_EACCESS = 0x200;

    /// <summary>Whether the path may be written to; a read-only mount says no to root too.</summary>
    public static bool CanWrite(string path) => faccessat(Files.AT_FDCWD, path, W_OK, AT_EACCESS) == 0;

    /// <summary>Whether a directory may be listed and its files be reached.</summary>
    public static bool CanEnter(string directory) => faccessat(Files.AT_FDCWD, directory, R_OK | X_OK, AT_EACCESS) == 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int faccessat(int directory, string path, int mode, int flags);
}
