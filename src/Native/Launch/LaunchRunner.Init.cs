using Container.Native.Syscalls;
using static Container.Native.Syscalls.Signals;

namespace Container.Native.Launch;

/// <summary>
/// The first process of a container whose program is not written to be one, as tini and catatonit are for other
/// engines. A first process gets only the signals it has a handler for (pid_namespaces(7)) and becomes the parent of
/// every orphan: this one passes all signals on to the program, takes the status of whatever ends, and ends as the
/// program did. It is a copy of us that executes nothing, so no image has to hold it; it is behind the program's
/// filter, without a descriptor, and cannot be traced: its memory belongs to the user namespace of the host.
/// </summary>
internal static unsafe partial class LaunchRunner
{
    private const int PR_SET_NAME = 15;

    /// <summary>Returns in the program's process only.</summary>
    private static long Init(bool hasTerminal, byte* commandLine, nint length)
    {
        // Nothing may arrive between the fork and the first wait. SIGTTOU is among them, which else would stop a
        // process of the background that changes the foreground (tcsetpgrp(3)).
        SetMask(ulong.MaxValue);
        long child = RawCall.Invoke(SystemCallNumber.clone, SIGCHLD);
        if (child < 0) return child;
        if (child > 0) Reap((int)child, commandLine, length);

        // A process group of its own, so that the terminal's signals go to the program alone, once.
        RawCall.Invoke(SystemCallNumber.setpgid);
        if (hasTerminal)
        {
            int group = (int)RawCall.Invoke(SystemCallNumber.getpid);
            RawCall.Invoke(SystemCallNumber.ioctl, 0, TerminalCalls.TIOCSPGRP, (nint)(&group));
        }

        return SetMask(0);
    }

    private static void Reap(int child, byte* commandLine, nint length)
    {
        const int InfoSize = 128;
        const int MaskSize = 8;

        // With the last copy of the socket the parent sees that the program has been executed.
        RawCall.Invoke(SystemCallNumber.close_range, 0, unchecked((nint)uint.MaxValue));

        // It names paths of the host, and everybody in the container may read it. Behind it is the caller's environment.
        for (nint i = 0; i < length; i++) commandLine[i] = 0;
        ulong name = 0x74696E69;
        RawCall.Invoke(SystemCallNumber.prctl, PR_SET_NAME, (nint)(&name));
        RawCall.Invoke(SystemCallNumber.prctl, Credentials.PR_SET_CHILD_SUBREAPER, 1);
        ulong all = ulong.MaxValue;
        byte* info = stackalloc byte[InfoSize];
        while (true)
        {
            long signal = RawCall.Invoke(SystemCallNumber.rt_sigtimedwait, (nint)(&all), (nint)info, 0, MaskSize);
            if (signal == SIGCHLD) TakeStatuses(child);
            else if (signal > 0 && signal is not (SIGTTIN or SIGTTOU))
                RawCall.Invoke(SystemCallNumber.kill, child, (nint)signal);
            else if (signal < 0 && signal != -(long)Errno.EINTR && signal != -(long)Errno.EAGAIN) Exit(1);
        }
    }

    private static void TakeStatuses(int child)
    {
        const int WNOHANG = 1;

        while (true)
        {
            int status = 0;
            long pid = RawCall.Invoke(SystemCallNumber.wait4, -1, (nint)(&status), WNOHANG);
            if (pid <= 0) return;
            int signal = status & 0x7F;
            if (pid == child) Exit(signal == 0 ? status >> 8 & 0xFF : 128 + signal);
        }
    }

    private static long SetMask(ulong mask)
    {
        const int MaskSize = 8;
        return RawCall.Invoke(SystemCallNumber.rt_sigprocmask, SIG_SETMASK, (nint)(&mask), 0, MaskSize);
    }
}
