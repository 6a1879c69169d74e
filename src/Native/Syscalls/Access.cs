using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>What this process may do with a path: faccessat(2).</summary>
public static unsafe class Access
{
    internal const int X_OK = 1;
    private const int W_OK = 2;
    private const int R_OK = 4;

    /// <summary>Whether the path may be written to; a read-only mount says no to root too.</summary>
    public static bool CanWrite(string path) => Can(path, W_OK);

    /// <summary>Whether a directory may be listed and its files be reached.</summary>
    public static bool CanEnter(string directory) => Can(directory, R_OK | X_OK);

    // With the ids that count for other system calls, not the real ones.
    private static bool Can(string path, int mode)
    {
        using CText name = new(path, stackalloc byte[CText.BufferSize]);
        return LibC.faccessat(FileCalls.AT_FDCWD, name.Start, mode, FileCalls.AT_EACCESS) == 0;
    }
}
