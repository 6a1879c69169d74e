using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Runtime.OwnProcess;

/// <summary>
/// What a program takes over from its caller at execve(2) and nobody means for it. Whatever that is, psrun, its monitor
/// and their children do the same.
/// </summary>
internal static class InheritedState
{
    /// <summary>Comes before anything is opened.</summary>
    public static void Reset()
    {
        OpenStandardStreams();

        // Who ignores it has no children to wait for: the kernel takes their statuses (wait(2), NOTES).
        Signals.Reset(Signals.SIGCHLD);
        Signals.UnblockAll();

        // What others may read of ours is decided where it is made.
        _ = ProcessCalls.umask(0x12);
    }

    // Else the next file that is opened would be our standard error, and the container's.
    private static void OpenStandardStreams()
    {
        Span<pollfd> streams = [new pollfd(), new pollfd { fd = 1 }, new pollfd { fd = 2 }];
        if (!Polling.Wait(streams, 0)) return;
        foreach (pollfd stream in streams)
        {
            // The lowest number is taken, which is the one that is free. Our children are to have it, too.
            if ((stream.revents & Polling.POLLNVAL) == 0) continue;
            SystemCallException.Check(FileCalls.openat(FileCalls.AT_FDCWD, "/dev/null", FileCalls.O_RDWR, 0), "open", "/dev/null");
        }
    }
}
