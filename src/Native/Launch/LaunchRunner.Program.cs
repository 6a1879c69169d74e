using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>Finds and executes the container's program.</summary>
internal static unsafe partial class LaunchRunner
{
    /// <summary>The first candidate that may be executed; one that may not is a better answer than none at all.</summary>
    private static long FindExecutable(LaunchContext* context, byte** candidates, int count)
    {
        FileStatus* status = stackalloc FileStatus[1];
        long answer = -(long)Errno.ENOENT;
        for (int i = 0; i < count; i++)
        {
            long result = RawCall.Invoke(
                SystemCallNumber.statx, FileCalls.AT_FDCWD, (nint)candidates[i], 0, (nint)FileStatus.STATX_BASIC_STATS,
                (nint)status, 0);
            uint type = status->Mode & FileCalls.S_IFMT;
            if (result >= 0 && type == FileCalls.S_IFDIR) result = -(long)Errno.EISDIR;
            else if (result >= 0 && type != FileCalls.S_IFREG) result = -(long)Errno.EACCES;
            else if (result >= 0) result = MayExecute(candidates[i]);
            if (result >= 0)
            {
                context->Executable = candidates[i];
                return 0;
            }

            if (result is not (-(long)Errno.ENOENT) and not (-(long)Errno.ENOTDIR)) answer = result;
        }

        return answer;
    }

    // faccessat(2) asks for the real user without his capabilities, which decide with CAP_DAC_OVERRIDE. A filter that does
    // not know the newer call may answer EPERM, which the kernel never does here.
    private static long MayExecute(byte* path)
    {
        long result = RawCall.Invoke(
            SystemCallNumber.faccessat2, FileCalls.AT_FDCWD, (nint)path, Access.X_OK, FileCalls.AT_EACCESS);
        return result is -(long)Errno.ENOSYS or -(long)Errno.EPERM
            ? RawCall.Invoke(SystemCallNumber.faccessat, FileCalls.AT_FDCWD, (nint)path, Access.X_OK)
            : result;
    }

    private static long ExecuteThrough(LaunchContext* context, byte** arguments, nint environment, int program)
    {
        byte* empty = stackalloc byte[1];
        *empty = 0;
        arguments[0] = context->Executable;
        return RawCall.Invoke(
            SystemCallNumber.execveat, program, (nint)empty, (nint)arguments, environment, FileCalls.AT_EMPTY_PATH, 0);
    }
}
