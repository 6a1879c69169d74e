using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Waiting for several descriptors at once: poll(2), eventfd(2).</summary>
internal static unsafe partial class Polling
{
    public const short POLLIN = 1;
    public const short POLLOUT = 4;

    public const int EFD_NONBLOCK = 0x800;
    public const int EFD_CLOEXEC = 0x80000;

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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
