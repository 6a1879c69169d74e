using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>
/// A system call that failed. The message is <c>operation 'path': TEXT (ERRNO)</c>, for example
/// <c>mount '/proc': Operation not permitted (EPERM)</c>.
/// </summary>
public sealed class SystemCallException : Exception
{
    private string? message;

    /// <summary>Describes the failure of <paramref name="operation"/> on <paramref name="path"/>.</summary>
    /// <param name="operation">What was being done, normally the system call's name.</param>
    /// <param name="path">The object it was done to, or null where there is none.</param>
    /// <param name="errno">The error number the kernel returned.</param>
    public SystemCallException(string operation, string? path, Errno errno)
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <inheritdoc/>
    /// <remarks>Only made when it is asked for: many failures are expected, and the text costs more than the call.</remarks>
    public override string Message => message ??= Format(Operation, Path, Errno);

    /// <summary>What was being done, normally the system call's name.</summary>
    public string Operation { get; }

    /// <summary>The object it was done to, or null where there is none.</summary>
    public string? Path { get; }

    /// <summary>The error number the kernel returned.</summary>
    public Errno Errno { get; }

    /// <summary>Whether there was no descriptor left, here or on the whole host: it may work later.</summary>
    internal bool LacksDescriptors => Errno is Errno.EMFILE or Errno.ENFILE;

    /// <summary>The failure of the P/Invoke that was called last on this thread.</summary>
    public static SystemCallException Last(string operation, string? path = null) =>
        new(operation, path, (Errno)Marshal.GetLastPInvokeError());

    /// <summary>Returns <paramref name="result"/> unless it is negative; then throws <see cref="Last"/>.</summary>
    public static int Check(int result, string operation, string? path = null) =>
        result < 0 ? throw Last(operation, path) : result;

    /// <inheritdoc cref="Check(int, string, string?)"/>
    public static long Check(long result, string operation, string? path = null) =>
        result < 0 ? throw Last(operation, path) : result;

    private static string Format(string operation, string? path, Errno errno)
    {
        string subject = path is null ? operation : $"{operation} '{path}'";
        return $"{subject}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
    }
}
