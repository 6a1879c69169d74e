using System.Runtime.CompilerServices;
using Container.Engine.Errors;
using Container.Native.Syscalls;

namespace Container.Engine.Files;

/// <summary>What goes wrong with one file of a tree that somebody else may be changing.</summary>
internal static class WalkFailure
{
    /// <summary>
    /// Does something with one file of a tree; what goes wrong with it is a warning, and the walk goes on. That a file
    /// is gone is not even that: it could have been so before.
    /// </summary>
    /// <returns>Whether it was done.</returns>
    public static bool Tolerate(string path, Action action)
    {
        try
        {
            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
                throw new SystemCallException("open", path, Errno.ENAMETOOLONG);
            action();
            return true;
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }
        catch (SystemCallException failure) when (IsOfItem(failure))
        {
            EngineWarning.Say($"'{Short(path)}' was left out: {Short(failure.Message)}");
            return false;
        }
    }

    // A disk that is full fills no further.
    private static bool IsOfItem(SystemCallException failure) => failure.Errno is not (
        Errno.ENOSPC or Errno.EDQUOT or Errno.EROFS or Errno.EIO or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM
        or Errno.EPIPE);

    private static string Short(string text) => text.Length <= 200 ? text : $"{text[..100]} … {text[^100..]}";
}
