using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Record locks of a whole file: fcntl(2), F_SETLK. They belong to the process, not to the descriptor.</summary>
internal static unsafe class RecordLock
{
    private const int F_SETLK = 6;
    private const int F_SETLKW = 7;
    private const short F_WRLCK = 1;

    /// <summary>Takes the lock; false with the error in errno where it cannot be had.</summary>
    public static bool TryLock(FileDescriptor file, bool wait)
    {
        Range range = new() { Type = F_WRLCK };
        int result;
        do
        {
            result = Files.fcntl(file.Number, wait ? F_SETLKW : F_SETLK, (nint)(&range));
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        return result == 0;
    }

    /// <summary>struct flock; all of the file where start and length are 0.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }
}
