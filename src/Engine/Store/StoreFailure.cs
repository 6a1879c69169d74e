using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>What a system call that fails on the engine's own files means to the user.</summary>
internal static class StoreFailure
{
    public static EngineException Describe(SystemCallException failure, string path) => failure.Errno switch
    {
        Errno.EROFS or Errno.EACCES or Errno.EPERM => new EngineException(
            ErrorId.StateDirectoryUnusable,
            $"The state file '{path}' cannot be written: {failure.Message}",
            "Run as root, or set PSCONTAINER_STATE_ROOT and PSCONTAINER_RUN_ROOT to directories you can write to.",
            path,
            failure)
        {
            Errno = failure.Errno,
        },
        Errno.ENOSPC or Errno.EDQUOT => EngineException.From(
            failure, path, "Free space on the file system of the state directory; nothing that was there is lost."),
        _ => EngineException.From(failure, path),
    };
}
