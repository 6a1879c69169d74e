using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>Processes by descriptor: pidfd_open(2). A descriptor never means another process, an id may.</summary>
internal static unsafe class ChildProcess
{
    /// <summary>A descriptor of process <paramref name="pid"/>.</summary>
    public static FileDescriptor Open(int pid)
    {
        long result = RawCall.Invoke(SystemCallNumber.pidfd_open, pid);
        return result < 0
            ? throw new SystemCallException("pidfd_open", $"{pid}", (Errno)(-result))
            : new FileDescriptor((int)result);
    }

    /// <summary>A descriptor of a child. One that there is no descriptor for ends, so that nothing is left.</summary>
    public static FileDescriptor OpenOrEnd(int child)
    {
        try
        {
            return Open(child);
        }
        catch (SystemCallException)
        {
            _ = Signals.kill(child, Signals.SIGKILL);
            Take(ProcessCalls.P_PID, child, 0);
            throw;
        }
    }

    /// <summary>Sends a signal; false if the process has gone.</summary>
    public static bool Signal(FileDescriptor process, int signal)
    {
        long result = RawCall.Invoke(SystemCallNumber.pidfd_send_signal, process.Number, signal);
        if (result == -(long)Errno.ESRCH) return false;
        return result < 0 ? throw new SystemCallException("pidfd_send_signal", null, (Errno)(-result)) : true;
    }

    /// <summary>Blocks until the child has ended and takes its status, which leaves no zombie.</summary>
    public static ExitStatus Wait(FileDescriptor process) => Take(ProcessCalls.P_PIDFD, process.Number, 0)!.Value;

    /// <summary>The child's status if it has ended, else null.</summary>
    public static ExitStatus? Poll(FileDescriptor process) => Take(ProcessCalls.P_PIDFD, process.Number, ProcessCalls.WNOHANG);

    /// <summary>The id of a process, as we see it (pidfd_open(2), proc(5)).</summary>
    public static int FindPid(FileDescriptor process)
    {
        const string Key = "Pid:";
        const int Limit = 4096;

        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{process.Number}");
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        foreach (string line in Encoding.ASCII.GetString(FileCalls.ReadAll(file, Limit, path)).Split('\n'))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal))
                return int.Parse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture);
        }

        throw new SystemCallException("read", path, Errno.ESRCH);
    }

    private static ExitStatus? Take(int kind, int id, int options)
    {
        ProcessCalls.SignalInfo info;
        int result;
        do
        {
            info = default;
            result = ProcessCalls.waitid(kind, id, &info, ProcessCalls.WEXITED | options);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);

        SystemCallException.Check(result, "waitid");
        if (info.Pid == 0) return null;
        bool exited = info.Code == ProcessCalls.CLD_EXITED;
        return exited ? new ExitStatus(info.Status, 0) : new ExitStatus(128 + info.Status, info.Status);
    }
}
