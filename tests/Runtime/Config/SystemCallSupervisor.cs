using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Runtime.Tests.Config;

/// <summary>
/// Answers the system calls of a filter's listener until all its processes have ended (seccomp_unotify(2)).
/// </summary>
internal sealed unsafe class SystemCallSupervisor : IDisposable
{
    private const uint SECCOMP_IOCTL_NOTIF_RECV = 0xC0502100;
    private const uint SECCOMP_IOCTL_NOTIF_SEND = 0xC0182101;
    private const uint SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    private const int Patience = 60_000;

    private readonly FileDescriptor listener;
    private readonly Func<int, int> answer;
    private readonly Thread thread;

    /// <param name="listener">The descriptor psrun has sent.</param>
    /// <param name="answer">The errno for a call of this number, or 0 to let it through.</param>
    public SystemCallSupervisor(FileDescriptor listener, Func<int, int> answer)
    {
        this.listener = listener;
        this.answer = answer;
        thread = new Thread(Serve) { IsBackground = true };
        thread.Start();
    }

    /// <summary>How many calls were answered.</summary>
    public int Answered { get; private set; }

    public void Dispose()
    {
        thread.Join();
        listener.Dispose();
    }

    private void Serve()
    {
        // struct seccomp_notif (80 bytes): id, pid, flags, then seccomp_data, whose first word is the call's number.
        byte* request = stackalloc byte[80];
        byte* response = stackalloc byte[24];

        // The end of the last process that has the filter is POLLHUP; polling first keeps the collector free.
        pollfd[] entries = [new pollfd { fd = listener.Number, events = Polling.POLLIN }];
        while (Polling.Wait(entries, Patience) && (entries[0].revents & Polling.POLLIN) != 0)
        {
            new Span<byte>(request, 80).Clear();
            if (Control(SECCOMP_IOCTL_NOTIF_RECV, request) < 0) continue;
            int errno = answer(*(int*)(request + 16));
            *(ulong*)response = *(ulong*)request;
            *(long*)(response + 8) = 0;
            *(int*)(response + 16) = -errno;
            *(uint*)(response + 20) = errno == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
            _ = Control(SECCOMP_IOCTL_NOTIF_SEND, response);
            Answered++;
        }
    }

    private long Control(uint request, byte* argument) =>
        RawCall.Invoke(SystemCallNumber.ioctl, listener.Number, (nint)request, (nint)argument);
}
