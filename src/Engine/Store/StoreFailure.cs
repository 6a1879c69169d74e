using Container.Engine.Errors;
using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>What a system call that fails on the engine's own files means to the user.</summary>
internal static class StoreFailure
{
    private const string OtherRoots =
        "or set PSCONTAINER_STATE_ROOT and PSCONTAINER_RUN_ROOT to directories you can write to.";

    public static EngineException Describe(SystemCallException failure, string path) => failure.Errno switch
    {
        Errno.EROFS or Errno.EACCES or Errno.EPERM => new EngineException(
            ErrorId.StateDirectoryUnusable,
            $"The state file '{path}' cannot be written: {failure.Message}",
            Advice(failure),
            path,
            failure)
        {
            Errno = failure.Errno,
        },
        Errno.ENOSPC or Errno.EDQUOT => EngineException.From(
            failure, path, "Free space on the file system of the state directory; nothing that was there is lost."),
        _ => EngineException.From(failure, path),
    };

    /// <summary>What to do about a state directory that cannot be written to.</summary>
    public static string Advice(SystemCallException failure) => failure.Errno == Errno.EROFS
        ? "Mount the file system of the state directory for writing, " + OtherRoots
        : "Run as root, " + OtherRoots;
}
