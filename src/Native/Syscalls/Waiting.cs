using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Waiting without threads or timers: nanosleep(2), poll(2).</summary>
internal static unsafe partial class Waiting
{
    /// <summary>Sleeps; a signal may end the sleep early.</summary>
    public static void Sleep(long microseconds)
    {
        timespec time = new()
        {
            tv_sec = microseconds / 1_000_000, tv_nsec = (long_t)(microseconds % 1_000_000 * 1000),
        };
        _ = nanosleep(&time, null);
    }

    /// <summary>Waits until <paramref name="file"/> has one of <paramref name="events"/>; false on time-out.</summary>
    public static bool Poll(FileDescriptor file, short events, int milliseconds)
    {
        pollfd entry = new() { fd = file.Number, events = events };
        int result = Polling.poll(&entry, 1, milliseconds);
        if (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR) return true;
        return SystemCallException.Check(result, "poll") > 0;
    }

    [LibraryImport("libc")]
    private static partial int nanosleep(timespec* request, timespec* remaining);
}
