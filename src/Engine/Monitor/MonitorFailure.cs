using Container.Engine.Errors;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Monitor;

/// <summary>What a monitor's error means to the user.</summary>
internal static class MonitorFailure
{
    public static EngineException Describe(MonitorMessage error, object? target)
    {
        Errno? errno = error.Errno is int number and not 0 ? (Errno)number : null;
        string id = error.Id is { Length: > 0 } given ? given
            : error.Operation?.StartsWith("exec", StringComparison.Ordinal) != true ? ErrorId.SystemCallFailed
            : errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorId.CommandNotFound
            : errno is Errno.EACCES or Errno.ENOEXEC or Errno.EISDIR or Errno.EPERM ? ErrorId.CommandNotExecutable
            : ErrorId.SystemCallFailed;
        string message = error.Message ?? $"{error.Operation} '{error.Path}': {errno}";
        return new EngineException(id, message, error.Hint ?? Hint(error, errno), target) { Errno = errno };
    }

    private static string? Hint(MonitorMessage error, Errno? errno) => (error.Operation ?? error.Id, errno) switch
    {
        (ErrorId.JournalUnavailable, _) => "Use -LogDriver File, or see to it that systemd-journald runs.",
        ("mount_setattr", Errno.EINVAL) =>
            "The filesystem cannot show files with other ids: give the mount the option noidmap.",
        _ => ErrnoAdvice.Get(errno),
    };

    /// <summary>The monitor went away in the middle of a conversation.</summary>
    public static EngineException Gone(object? target) => new(
        ErrorId.RuntimeUnavailable,
        "The process that watches over the container has ended unexpectedly.",
        target: target);
}
