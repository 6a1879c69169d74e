using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>A container's process could not be started: which operation failed, how, and what to do about it.</summary>
internal sealed class LaunchException : Exception
{
    public LaunchException(LaunchStep step, Errno errno)
        : base(Describe(step, errno))
    {
        Step = step;
        Errno = errno;
    }

    /// <summary>The operation that failed.</summary>
    public LaunchStep Step { get; }

    /// <summary>The kernel's answer.</summary>
    public Errno Errno { get; }

    /// <summary>The stable id of the failure for the engine's errors.</summary>
    public string Id => IsExecutable(Step)
        ? Errno is Errno.ENOENT or Errno.ENOTDIR ? "CommandNotFound" : "CommandNotExecutable"
        : HasEnded(Step, Errno) ? "ContainerNotRunning" : "SystemCallFailed";

    /// <summary>The container has ended, or is about to.</summary>
    public static LaunchException ContainerEnded() =>
        new(new LaunchStep("setns", null, "of the container"), Errno.ESRCH);

    /// <summary>What the user may do, or null.</summary>
    public string? Hint => (Step.Operation, Errno) switch
    {
        ("find", Errno.ENOENT or Errno.ENOTDIR) => IsPath(Step)
            ? "check the path: the image has no such file"
            : "check the command's spelling, and that the image has it in its PATH",
        ("find", Errno.EACCES) => "make the file executable in the image, or run it through its interpreter",
        ("exec", Errno.ENOENT) => "the file is there, so what is missing is its interpreter or dynamic loader",
        ("exec", Errno.ENOEXEC) => "the file is no program for this machine, or a script without a '#!' line",
        ("setrlimit", Errno.EPERM) => "a hard limit can be raised only with CAP_SYS_RESOURCE: lower the limit",
        ("chdir", Errno.ENOTDIR or Errno.ELOOP) => "the working directory must be a directory of the container",
        ("mount" or "fsmount" or "fsopen", Errno.EPERM) =>
            "a container with namespaces of the host cannot mount this: bind the host's instead",
        ("mount" or "fsopen", Errno.ENODEV) => "the kernel has no such file system",
        ("fsconfig", Errno.EINVAL) => "the file system does not know this option",
        ("label", Errno.ENOENT or Errno.EINVAL) =>
            "this kernel does not run the security module, or does not know the profile: leave the label out",
        ("verify", _) => "the path is not the device it should be",
        (_, Errno.ENOSPC) => "a limit of namespaces or mounts is reached: see /proc/sys/user",
        _ => null,
    };

    // setns(2) of a process's namespaces: it has left them, as it does when it ends.
    private static bool HasEnded(LaunchStep step, Errno errno) =>
        step is { Operation: "setns", Detail: not null } && errno == Errno.ESRCH;

    private static bool IsExecutable(LaunchStep step) => step.Operation is "find" or "exec";

    // Engines look for these words to tell 127 from 126: podman, "executable file not found in", "no such file or
    // directory" and "permission denied".
    private static string? Problem(LaunchStep step, Errno errno) => (step.Operation, errno) switch
    {
        ("find", Errno.ENOENT or Errno.ENOTDIR) => IsPath(step)
            ? "no such file or directory"
            : "executable file not found in $PATH",
        ("find", Errno.EISDIR) => "permission denied: it is a directory",
        ("exec", Errno.ENOENT) => "its interpreter is missing: no such file or directory",
        ("exec", Errno.EACCES) => "permission denied, to it or its interpreter",
        (_, Errno.EACCES or Errno.EPERM) => "permission denied",
        (_, Errno.ENOEXEC) => "exec format error",
        _ => null,
    };

    private static bool IsPath(LaunchStep step) => step.Subject?.Contains('/', StringComparison.Ordinal) == true;

    private static string Describe(LaunchStep step, Errno errno)
    {
        if (HasEnded(step, errno)) return "the container has ended";
        string text = Marshal.GetPInvokeErrorMessage((int)errno);
        if (IsExecutable(step)) return $"exec '{step.Subject}': {Problem(step, errno) ?? text} ({errno})";

        string detail = step.Operation is "fsconfig" or "fsopen" or "mount" or "open" && step.Detail is not null
            ? $" ({step.Detail})" : "";
        string place = step.Detail == LaunchStep.OfHost ? "" : " in the container";
        return step.Subject is null
            ? $"{step.Operation}{detail}{place}: {text} ({errno})"
            : $"{step.Operation} '{step.Subject}'{detail}{place}: {text} ({errno})";
    }
}
