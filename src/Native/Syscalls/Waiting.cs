using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Waiting without threads or timers: nanosleep(2), poll(2).</summary>
internal static unsafe partial class Waiting
{
    public const short POLLIN = 1;
    public const short POLLPRI = 2;
    public const short POLLERR = 8;

    /// <summary>Sleeps; a signal may end the sleep early.</summary>
    public static void Sleep(long microseconds)
    {
        TimeSpec time = new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1000 };
        _ = nanosleep(&time, null);
    }

    /// <summary>Waits until <paramref name="file"/> has one of <paramref name="events"/>; false on time-out.</summary>
    public static bool Poll(FileDescriptor file, short events, int milliseconds)
    {
        PollEntry entry = new() { Descriptor = file.Number, Events = events };
        int result = poll(&entry, 1, milliseconds);
        if (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR) return true;
        return SystemCallException.Check(result, "poll") > 0;
    }

    [LibraryImport("libc")]
    private static partial int nanosleep(TimeSpec* request, TimeSpec* remaining);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
