using Container.Native.Syscalls;

namespace Container.Engine.Errors;

/// <summary>What to do about a system call that failed for a reason that lies in the host, whatever was being done.</summary>
public static class ErrnoAdvice
{
    /// <summary>A sentence for the user, or null where only the one who called knows more.</summary>
    public static string? Get(Errno? errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT => "Free space on the file system; nothing that was there is lost.",
        Errno.EROFS => "Use a file system that can be written to.",
        Errno.EMFILE => "Raise the limit of open files of this process: ulimit -n, or LimitNOFILE= of its service.",
        Errno.ENFILE => "Raise the host's limit of open files, the sysctl fs.file-max.",
        Errno.ENOMEM => "Free memory, or raise the limit of the control group this runs in.",
        _ => null,
    };
}
