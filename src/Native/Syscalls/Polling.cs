using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Waiting for several descriptors at once: poll(2), eventfd(2), timerfd_create(2).</summary>
internal static unsafe partial class Polling
{
    public static short POLLIN => LibC.POLLIN;
    public static short POLLPRI => LibC.POLLPRI;
    public static short POLLOUT => LibC.POLLOUT;
    public static short POLLNVAL => LibC.POLLNVAL;

    public static int EFD_NONBLOCK => LibC.EFD_NONBLOCK;
    public static int EFD_CLOEXEC => LibC.EFD_CLOEXEC;

    private const int CLOCK_BOOTTIME = 7;
    private const int TFD_NONBLOCK = 0x800;
    private const int TFD_CLOEXEC = 0x80000;

    /// <summary>
    /// Waits for <paramref name="events"/> on one descriptor or for anything to read on another; which of them came is
    /// 1 and 2, both 3, a time-out 0.
    /// </summary>
    public static int Wait(int descriptor, short events, int wake, int milliseconds)
    {
        pollfd* entries = stackalloc pollfd[2];
        entries[0] = new pollfd { fd = descriptor, events = events };
        entries[1] = new pollfd { fd = wake, events = POLLIN };
        int result;
        do
        {
            result = poll(entries, 2, milliseconds);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        SystemCallException.Check(result, "poll");
        return (entries[0].revents != 0 ? 1 : 0) | (entries[1].revents != 0 ? 2 : 0);
    }

    public static int eventfd(uint initial, int flags) => LibC.eventfd(initial, flags);

    /// <summary>Waits for the events of <paramref name="entries"/>, at most so long (-1 is for ever); a negative
    /// descriptor is passed over. False if nothing came.</summary>
    public static bool Wait(ReadOnlySpan<pollfd> entries, int milliseconds)
    {
        int result;
        fixed (pollfd* first = entries)
        {
            do
            {
                result = poll(first, (nuint)entries.Length, milliseconds);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        return SystemCallException.Check(result, "poll") > 0;
    }

    /// <summary>A timer that is not set.</summary>
    public static FileDescriptor CreateTimer() => new(SystemCallException.Check(
        timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create"));

    /// <summary>Sets when the timer becomes readable, by the clock of <see cref="Now"/>; 0 is never.</summary>
    public static void SetTimer(FileDescriptor timer, long milliseconds)
    {
        const int TFD_TIMER_ABSTIME = 1;

        // struct itimerspec: the interval, none, and the first time.
        timespec* setting = stackalloc timespec[2];
        setting[0] = default;
        setting[1] = new timespec
        {
            tv_sec = milliseconds / 1000, tv_nsec = (long_t)(milliseconds % 1000 * 1_000_000),
        };
        SystemCallException.Check(
            timerfd_settime(timer.Number, TFD_TIMER_ABSTIME, setting, null), "timerfd_settime");
    }

    /// <summary>
    /// The milliseconds since the host was started, those it slept included (CLOCK_BOOTTIME): nobody can set that clock.
    /// </summary>
    public static long Now()
    {
        timespec time;
        SystemCallException.Check(clock_gettime(CLOCK_BOOTTIME, &time), "clock_gettime");
        return ((long)time.tv_sec * 1000) + ((long)time.tv_nsec / 1_000_000);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, timespec* time);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_settime(int timer, int flags, timespec* value, timespec* old);

    // That of Tmds.LibC loses the error number.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(pollfd* entries, nuint count, int timeout);
}
