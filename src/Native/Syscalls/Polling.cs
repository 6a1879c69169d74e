using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Waiting for several descriptors at once: poll(2), eventfd(2), timerfd_create(2).</summary>
internal static unsafe partial class Polling
{
    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const short POLLERR = 8;
    public const short POLLHUP = 0x10;
    public const short POLLNVAL = 0x20;

    public const int EFD_NONBLOCK = 0x800;
    public const int EFD_CLOEXEC = 0x80000;

    private const int CLOCK_BOOTTIME = 7;
    private const int TFD_NONBLOCK = 0x800;
    private const int TFD_CLOEXEC = 0x80000;

    /// <summary>
    /// Waits for <paramref name="events"/> on one descriptor or for anything to read on another; which of them came is
    /// 1 and 2, both 3, a time-out 0.
    /// </summary>
    public static int Wait(int descriptor, short events, int wake, int milliseconds)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = descriptor, Events = events };
        entries[1] = new PollEntry { Descriptor = wake, Events = POLLIN };
        int result;
        do
        {
            result = poll(entries, 2, milliseconds);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        SystemCallException.Check(result, "poll");
        return (entries[0].Returned != 0 ? 1 : 0) | (entries[1].Returned != 0 ? 2 : 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    /// <summary>Waits for the events of <paramref name="entries"/>, at most so long (-1 is for ever); a negative
    /// descriptor is passed over. False if nothing came.</summary>
    public static bool Wait(ReadOnlySpan<PollEntry> entries, int milliseconds)
    {
        int result;
        fixed (PollEntry* first = entries)
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

        long* setting = stackalloc long[4] { 0, 0, milliseconds / 1000, milliseconds % 1000 * 1_000_000 };
        SystemCallException.Check(
            timerfd_settime(timer.Number, TFD_TIMER_ABSTIME, setting, null), "timerfd_settime");
    }

    /// <summary>
    /// The milliseconds since the host was started, those it slept included (CLOCK_BOOTTIME): nobody can set that clock.
    /// </summary>
    public static long Now()
    {
        long* time = stackalloc long[2];
        SystemCallException.Check(clock_gettime(CLOCK_BOOTTIME, time), "clock_gettime");
        return (time[0] * 1000) + (time[1] / 1_000_000);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, long* time);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_settime(int timer, int flags, long* value, long* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);
}
