using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Signals: kill(2).</summary>
internal static partial class Signals
{
    public const int SIGKILL = 9;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);
}
