using System.Buffers.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// One process for good: a pid is used again, a pid with its start time (proc(5), /proc/PID/stat, field 22) is not,
/// within one boot of the host.
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartTime">When it started, in clock ticks since boot.</param>
public readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>Whether the process exists and has not ended: a zombie has.</summary>
    public bool IsRunning =>
        TryRead(Pid, out char state) is ProcessIdentity found && found == this && state is not ('Z' or 'X');

    /// <summary>How long ago it started, by the clock that nobody can set (proc(5): ticks since boot).</summary>
    public TimeSpan Age
    {
        get
        {
            // USER_HZ, which is 100 on every architecture of .NET.
            const long MillisecondsPerTick = 10;

            long age = Polling.Now() - ((long)StartTime * MillisecondsPerTick);
            return age > 0 ? TimeSpan.FromMilliseconds(age) : TimeSpan.Zero;
        }
    }

    /// <summary>Sends SIGKILL to this process and no other (pidfd_send_signal(2)); false if it has ended.</summary>
    public bool Kill()
    {
        try
        {
            using FileDescriptor process = ChildProcess.Open(Pid);
            return IsRunning && ChildProcess.Signal(process, Signals.SIGKILL);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            return false;
        }
    }

    /// <summary>The identity of the process that has this pid now, or null.</summary>
    public static ProcessIdentity? TryRead(int pid) => TryRead(pid, out _);

    /// <inheritdoc cref="TryRead(int)"/>
    /// <param name="pid">The process id.</param>
    /// <param name="state">The letter of proc(5): R, S, D, Z …</param>
    public static ProcessIdentity? TryRead(int pid, out char state) => TryRead(pid, out state, out _);

    /// <inheritdoc cref="TryRead(int)"/>
    /// <param name="pid">The process id.</param>
    /// <param name="state">The letter of proc(5): R, S, D, Z …</param>
    /// <param name="flags">What the kernel says of it besides.</param>
    internal static unsafe ProcessIdentity? TryRead(int pid, out char state, out ProcessFlags flags)
    {
        state = '\0';
        flags = 0;
        if (pid <= 0) return null;
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, $"/proc/{pid}/stat", FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        if (fd < 0)
        {
            // That we cannot look does not mean that there is nothing.
            SystemCallException failure = SystemCallException.Last("open", $"/proc/{pid}/stat");
            return failure.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM ? throw failure : null;
        }

        using FileDescriptor file = new(fd);

        // Nothing before field 22 is long: the name has 15 characters at most, which may be anything, ')' too.
        byte* buffer = stackalloc byte[512];
        nint length = FileCalls.read(file.Number, buffer, 512);
        if (length <= 0) return null;
        return Parse(new ReadOnlySpan<byte>(buffer, (int)length), out state, out flags) is ulong start
            ? new ProcessIdentity(pid, start)
            : null;
    }

    private static ulong? Parse(ReadOnlySpan<byte> text, out char state, out ProcessFlags flags)
    {
        state = '\0';
        flags = 0;
        int name = text.LastIndexOf((byte)')');
        if (name < 0 || name + 2 >= text.Length) return null;
        text = text[(name + 2)..];
        state = (char)text[0];
        for (int field = 3; field < 22; field++)
        {
            int space = text.IndexOf((byte)' ');
            if (space < 0) return null;
            text = text[(space + 1)..];
            if (field == 8 && Utf8Parser.TryParse(text, out uint read, out _)) flags = (ProcessFlags)read;
        }

        return Utf8Parser.TryParse(text, out ulong start, out _) ? start : null;
    }
}
