using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Record locks of a whole file: fcntl(2), F_SETLK. They belong to the process, not to the descriptor.</summary>
internal static unsafe class RecordLock
{
    /// <summary>Takes the lock; false with the error in errno where it cannot be had.</summary>
    public static bool TryLock(FileDescriptor file, bool wait)
    {
        // All of the file, as start and length are 0.
        flock range = new() { l_type = (short)LibC.F_WRLCK };
        int result;
        do
        {
            result = FileCalls.fcntl(file.Number, wait ? LibC.F_SETLKW : LibC.F_SETLK, (nint)(&range));
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return result == 0;
    }

    /// <summary>Whether another process has the lock.</summary>
    public static bool IsHeld(FileDescriptor file)
    {
        flock range = new() { l_type = (short)LibC.F_WRLCK };
        SystemCallException.Check(FileCalls.fcntl(file.Number, LibC.F_GETLK, (nint)(&range)), "fcntl", "F_GETLK");
        return range.l_type != LibC.F_UNLCK;
    }
}
